import { Dashboard, RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import * as units from '@grafana/grafana-foundation-sdk/units';

import { frame, OVERVIEW, toQueue } from './frame.js';
import { labels, lines, number, ranking } from './panels.js';
import { anyQueues, dataSource, HOST, NAMESPACE, QUEUES, top } from './variables.js';

const LEGEND = '{{queue}} ({{instance}}, {{ipc_namespace}})';
const STARVED = `queue:mqueue_oldest_message_age:seconds{${QUEUES}} - queue:mqueue_head_message_age:seconds{${QUEUES}}`;

const topOf = (expression: string) => `topk($top, ${expression})`;

/** All queues of all hosts: which one needs a look? */
export function overview(): Dashboard {
  return frame(OVERVIEW, 'Message queues: overview',
    'All POSIX and SysV message queues: how full, how old, how fast, and which is starved.', HOST)
    .variables([dataSource(), ...anyQueues(), top()])

    .withRow(new RowBuilder('At a glance'))
    .withPanel(number({
      title: 'Queues', unit: units.Short, width: 4,
      description: 'Queues of the selection that the exporters know of.',
      queries: { queues: `count(mqueue_up{${QUEUES}})` },
    }))
    .withPanel(number({
      title: 'Messages', unit: units.Short, width: 4,
      description: 'Messages that lie in the queues of the selection.',
      queries: { messages: `sum(mqueue_messages{${QUEUES}})` },
    }))
    .withPanel(number({
      title: 'Nearly full', unit: units.Short, width: 4, thresholds: [1, 1],
      description: 'Queues that are more than nine tenths full: POSIX by messages, SysV by bytes.',
      queries: { queues: `sum(queue:mqueue_fill:ratio{${QUEUES}} > bool 0.9)` },
    }))
    .withPanel(number({
      title: 'Oldest head', unit: units.Seconds, width: 4, thresholds: [300, 900],
      description: 'How long the message that a receive would return next has waited, in the queue where that is longest.',
      queries: { age: `max(queue:mqueue_head_message_age:seconds{${QUEUES}})` },
    }))
    .withPanel(number({
      title: 'Unreadable', unit: units.Short, width: 4, thresholds: [1, 1],
      description: 'Queues that are there but cannot be read; mqueue_exporter_look_errors_total on the exporter dashboard says why.',
      queries: { queues: `sum(mqueue_up{${QUEUES}} == bool 0)` },
    }))
    .withPanel(number({
      title: 'Alerts', unit: units.Short, width: 4, thresholds: [1, 1],
      description: 'Alerts of the selected hosts that fire now, those on the exporters included.',
      queries: { alerts: `count(ALERTS{alertname=~"Mqueue.+",alertstate="firing",${HOST}}) or vector(0)` },
    }))

    .withRow(new RowBuilder('Now'))
    .withPanel(ranking({
      title: 'Fullest', unit: units.PercentUnit, width: 12, max: 1, thresholds: [0.7, 0.9], links: [toQueue()],
      description: 'Of the limit: mq_maxmsg messages (POSIX), msg_qbytes bytes or as many empty messages (SysV).',
      queries: { [LEGEND]: `sort_desc(${topOf(`queue:mqueue_fill:ratio{${QUEUES}}`)})` },
    }))
    .withPanel(ranking({
      title: 'Longest waiting heads', unit: units.Seconds, width: 12, thresholds: [300, 900], links: [toQueue()],
      description: 'Age of the message that the next receive returns. Old and growing: nobody takes it.',
      queries: { [LEGEND]: `sort_desc(${topOf(`queue:mqueue_head_message_age:seconds{${QUEUES}}`)})` },
    }))
    .withPanel(ranking({
      title: 'Most messages', unit: units.Short, width: 12, links: [toQueue()],
      description: 'Messages that lie in the queue, whatever its limit.',
      queries: { [LEGEND]: `sort_desc(${topOf(`mqueue_messages{${QUEUES}}`)})` },
    }))
    .withPanel(ranking({
      title: 'Most starved', unit: units.Seconds, width: 12, thresholds: [60, 300], links: [toQueue()],
      description: 'How much older the oldest message is than the head: lower priorities wait behind higher ones. ' +
        'POSIX queues whose reader knows the oldest message only.',
      queries: { [LEGEND]: `sort_desc(${topOf(STARVED)})` },
    }))

    .withRow(new RowBuilder('Over time'))
    .withPanel(lines({
      title: 'Fill', unit: units.PercentUnit, width: 12, thresholds: [0.7, 0.9], links: [toQueue()],
      description: 'The fullest queues at each moment, of their limit.',
      queries: { [LEGEND]: topOf(`queue:mqueue_fill:ratio{${QUEUES}}`) },
    }).max(1))
    .withPanel(lines({
      title: 'Age of the head', unit: units.Seconds, width: 12, thresholds: [300, 900], links: [toQueue()],
      description: 'A saw is a consumer at work; a straight line upwards is one that takes nothing.',
      queries: { [LEGEND]: topOf(`queue:mqueue_head_message_age:seconds{${QUEUES}}`) },
    }))
    .withPanel(lines({
      title: 'Net rate', unit: units.MessagesPerSecond, width: 12, links: [toQueue()],
      description: 'Messages that come in and do not go out, over five minutes: above 0 the queue grows, below it empties.',
      queries: { [LEGEND]: topOf(`queue:mqueue_messages:deriv5m{${QUEUES}}`) },
    }).axisCenteredZero(true))
    .withPanel(lines({
      title: 'Starvation', unit: units.Seconds, width: 12, thresholds: [60, 300], links: [toQueue()],
      description: 'How much older the oldest message is than the head.',
      queries: { [LEGEND]: topOf(STARVED) },
    }))
    .withPanel(lines({
      title: 'Sent', unit: units.MessagesPerSecond, width: 12, links: [toQueue()],
      description: 'The busiest queues by messages sent. Only where the kernel counts them.',
      queries: { [LEGEND]: topOf(`queue:mqueue_sent_messages:rate5m{${QUEUES}}`) },
    }))
    .withPanel(lines({
      title: 'Received', unit: units.MessagesPerSecond, width: 12, links: [toQueue()],
      description: 'The busiest queues by messages received. Only where the kernel counts them.',
      queries: { [LEGEND]: topOf(`queue:mqueue_received_messages:rate5m{${QUEUES}}`) },
    }))

    .withRow(new RowBuilder('Hosts and namespaces'))
    .withPanel(lines({
      title: 'Messages by host', unit: units.Short, width: 8,
      description: 'Messages in all selected queues of each host.',
      queries: { '{{instance}}': `sum by (instance) (mqueue_messages{${QUEUES}})` },
    }))
    .withPanel(lines({
      title: 'Messages by IPC namespace', unit: units.Short, width: 8,
      description: 'Messages in all selected queues of each namespace: "host", or the namespace\'s inode number.',
      queries: { '{{instance}} {{ipc_namespace}}': `sum by (instance, ipc_namespace) (mqueue_messages{${QUEUES}})` },
    }))
    .withPanel(lines({
      title: 'Queues in use', unit: units.PercentUnit, width: 8, thresholds: [0.7, 0.9],
      description: 'Of fs.mqueue.queues_max (posix) and kernel.msgmni (sysv). At the limit nobody can make another queue.',
      queries: { '{{instance}} {{ipc_namespace}} {{ipc}}': `namespace:mqueue_queues:ratio{${NAMESPACE}}` },
    }).max(1))
    .withPanel(lines({
      title: 'Blocked senders by host', unit: units.Short, width: 8, thresholds: [1, 1],
      description: 'Tasks that wait for room in a full queue. Only where the kernel tells.',
      queries: { '{{instance}}': `sum by (instance) (mqueue_waiting_senders{${QUEUES}})` },
    }))
    .withPanel(lines({
      title: 'Waiting receivers by host', unit: units.Short, width: 8,
      description: 'Tasks that wait for a message: consumers that keep up. Only where the kernel tells.',
      queries: { '{{instance}}': `sum by (instance) (mqueue_waiting_receivers{${QUEUES}})` },
    }))
    .withPanel(labels({
      title: 'Who lives in the namespaces', width: 8, height: 8,
      description: 'A process of each IPC namespace other than the exporter\'s own, where the reader sees them.',
      queries: { '': `mqueue_namespace_info{${HOST},ipc_namespace=~"$namespace"}` },
      columns: { instance: 'Host', ipc_namespace: 'Namespace', comm: 'Command', pid: 'PID', cgroup: 'Control group' },
    }))
    .build();
}
