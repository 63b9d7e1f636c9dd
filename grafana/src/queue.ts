import { Dashboard, RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import * as units from '@grafana/grafana-foundation-sdk/units';

import { frame, QUEUE } from './frame.js';
import { buckets, labels, LIMIT, lines, name, number } from './panels.js';
import { dataSource, ONE_QUEUE as THIS, oneQueue } from './variables.js';

/** One queue, all that is known of it. */
export function queue(): Dashboard {
  return frame(QUEUE, 'Message queues: one queue',
    'All that is known of one message queue: what lies in it, how long, who waits, and how it is read.', THIS)
    .variables([dataSource(), ...oneQueue()])

    .withRow(new RowBuilder('$queue on $host'))
    .withPanel(number({
      title: 'Messages', unit: units.Short, width: 3,
      description: 'Messages in the queue at the last look.',
      queries: { messages: `mqueue_messages{${THIS}}` },
    }))
    .withPanel(number({
      title: 'Full', unit: units.PercentUnit, width: 3, thresholds: [0.7, 0.9],
      description: 'Of the limit: mq_maxmsg messages (POSIX), msg_qbytes bytes or as many empty messages (SysV).',
      queries: { full: `queue:mqueue_fill:ratio{${THIS}}` },
    }))
    .withPanel(number({
      title: 'Full in', unit: units.Seconds, width: 3,
      description: 'When it will be full if it goes on as in the last quarter of an hour. Nothing while it does not grow.',
      queries: { 'full in': `queue:mqueue_time_to_full:seconds{${THIS}}` },
    }).noValue('not growing'))
    .withPanel(number({
      title: 'Age of the head', unit: units.Seconds, width: 3, thresholds: [300, 900],
      description: 'How long the message that the next receive returns has waited. The table below says whether the kernel ' +
        'stored that or the exporter observed it, which is a lower bound.',
      queries: { age: `queue:mqueue_head_message_age:seconds{${THIS}}` },
    }).noValue('empty'))
    .withPanel(number({
      title: 'Age of the oldest', unit: units.Seconds, width: 3, thresholds: [300, 900],
      description: 'How long the oldest message of any priority has waited. Far older than the head: a priority starves.',
      queries: { age: `queue:mqueue_oldest_message_age:seconds{${THIS}}` },
    }).noValue('unknown'))
    .withPanel(number({
      title: 'Blocked senders', unit: units.Short, width: 3, thresholds: [1, 1],
      description: 'Tasks that wait for room in the queue.',
      queries: { senders: `mqueue_waiting_senders{${THIS}}` },
    }).noValue('unknown'))
    .withPanel(number({
      title: 'Waiting receivers', unit: units.Short, width: 3,
      description: 'Tasks that wait for a message. None on a queue that grows: no consumer, or one that is too slow.',
      queries: { receivers: `mqueue_waiting_receivers{${THIS}}` },
    }).noValue('unknown'))
    .withPanel(name({
      title: 'Read by', unit: units.Short, width: 3,
      description: 'The reader, and where ages come from: the kernel, or what the exporter observed.',
      queries: { '{{reader}}, ages {{age_source}}': `mqueue_queue_info{${THIS}}` },
    }))

    .withRow(new RowBuilder('What lies in it'))
    .withPanel(buckets({
      title: 'Messages by priority (POSIX) or type (SysV)', unit: units.Short, width: 24, axis: 'priority or type, up to',
      description: 'How many messages of which priority lie in the queue, over time. A band that stays while others come ' +
        'and go is starved. Where "Histogram cut" below is 1 it covers the first messages only.',
      queries: {
        '{{le}}': `sum by (le) (mqueue_message_priority_bucket{${THIS}} or mqueue_message_type_bucket{${THIS}})`,
      },
    }))
    .withPanel(lines({
      title: 'Messages', unit: units.Short, width: 12,
      description: 'Messages and, for a POSIX queue, how many it can hold.',
      queries: { messages: `mqueue_messages{${THIS}}`, limit: `mqueue_messages_limit{${THIS}}` },
    }).overrideByName('limit', LIMIT))
    .withPanel(lines({
      title: 'Bytes', unit: units.BytesIEC, width: 12,
      description: 'Payload bytes, for a SysV queue how many it can hold, and the largest message that it takes.',
      queries: {
        bytes: `mqueue_bytes{${THIS}}`,
        limit: `mqueue_bytes_limit{${THIS}}`,
        'largest message': `mqueue_message_size_limit_bytes{${THIS}}`,
      },
    }).overrideByName('limit', LIMIT))
    .withPanel(lines({
      title: 'Age of head and oldest', unit: units.Seconds, width: 12, thresholds: [300, 900],
      description: 'Together: first in, first out. Apart: the oldest is overtaken by higher priorities.',
      queries: {
        head: `queue:mqueue_head_message_age:seconds{${THIS}}`,
        oldest: `queue:mqueue_oldest_message_age:seconds{${THIS}}`,
      },
    }))
    .withPanel(lines({
      title: 'Priority of the head', unit: units.NoUnit, width: 12,
      description: 'Priority (SysV: type) of the message that the next receive returns.',
      queries: { priority: `mqueue_head_message_priority{${THIS}}` },
    }))
    .withPanel(lines({
      title: 'Messages of each priority', unit: units.Short, width: 12,
      description: 'Exact counts by priority (SysV: type). Only with exact_priorities.enabled in the exporter\'s configuration.',
      queries: { 'priority {{priority}}': `mqueue_priority_messages{${THIS}}` },
    }))
    .withPanel(lines({
      title: 'Histogram cut', unit: units.NoUnit, width: 12,
      description: '1 where the queue held more than peek.max_messages, so that the histogram covers only the first ones.',
      queries: { cut: `mqueue_peek_truncated{${THIS}}` },
    }).max(1))

    .withRow(new RowBuilder('What comes and goes'))
    .withPanel(lines({
      title: 'Rates', unit: units.MessagesPerSecond, width: 12,
      description: 'Sent and received where the kernel counts them, and the net rate, which is known of every queue.',
      queries: {
        sent: `queue:mqueue_sent_messages:rate5m{${THIS}}`,
        received: `queue:mqueue_received_messages:rate5m{${THIS}}`,
        net: `queue:mqueue_messages:deriv5m{${THIS}}`,
      },
    }))
    .withPanel(lines({
      title: 'Waiting tasks', unit: units.Short, width: 12,
      description: 'Senders that wait for room, receivers that wait for a message. Only where the kernel tells.',
      queries: { senders: `mqueue_waiting_senders{${THIS}}`, receivers: `mqueue_waiting_receivers{${THIS}}` },
    }))
    .withPanel(number({
      title: 'Since it was made', unit: units.Short, width: 12, height: 5,
      description: 'Messages that the queue has accepted and handed out. Only where the kernel counts them.',
      queries: { sent: `mqueue_sent_messages_total{${THIS}}`, received: `mqueue_received_messages_total{${THIS}}` },
    }).noValue('unknown'))
    .withPanel(number({
      title: 'Last used', unit: units.DateTimeFromNow, width: 12, height: 5,
      description: 'When a message was last sent to and received from a SysV queue.',
      queries: {
        sent: `mqueue_last_sent_timestamp_seconds{${THIS}} * 1000`,
        received: `mqueue_last_received_timestamp_seconds{${THIS}} * 1000`,
      },
    }).noValue('unknown'))
    .withPanel(labels({
      title: 'Owner and reader', width: 24, height: 5,
      description: 'Who owns the queue, and how it is read. A new id under the same name: it was made anew.',
      queries: { '': `mqueue_queue_info{${THIS}}` },
      columns: { reader: 'Reader', age_source: 'Ages from', uid: 'User', gid: 'Group', mode: 'Mode', id: 'Inode or msqid' },
    }))
    .build();
}
