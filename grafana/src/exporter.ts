import { Dashboard, RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import * as units from '@grafana/grafana-foundation-sdk/units';

import { EXPORTER, frame } from './frame.js';
import { labels, lines, name, number } from './panels.js';
import { dataSource, HOST, hosts } from './variables.js';

const RATE = '[$__rate_interval]';
// Of the series that Prometheus makes for every target, those of the exporters.
const OURS = `and on (job, instance) mqueue_exporter_build_info{${HOST}}`;
const process = (metric: string) => `process_${metric}{${HOST}} ${OURS}`;

/** The exporters themselves: do they see all, and what do they cost? */
export function exporter(): Dashboard {
  return frame(EXPORTER, 'Message queues: exporter',
    'The exporters themselves: rounds, errors, and what looking costs.', HOST)
    .variables([dataSource(), hosts()])

    .withRow(new RowBuilder('At a glance'))
    .withPanel(number({
      title: 'Exporters', unit: units.Short, width: 4,
      description: 'Exporters that answered the last scrape.',
      queries: { exporters: `count(mqueue_exporter_build_info{${HOST}})` },
    }))
    .withPanel(number({
      title: 'Last round', unit: units.Seconds, width: 4, thresholds: [60, 300],
      description: 'How long ago the last round of looks ended, on the host where that is longest. A host whose clock is ' +
        'wrong shows here too.',
      queries: { ago: `max(time() - mqueue_exporter_last_round_timestamp_seconds{${HOST}})` },
    }))
    .withPanel(number({
      title: 'Failing looks', unit: units.PercentUnit, width: 4, thresholds: [0.01, 0.05],
      description: 'Share of the looks that brought nothing, queues that were removed meanwhile left out.',
      queries: {
        failing: `sum(rate(mqueue_exporter_look_errors_total{reason!~"gone|uncopied",${HOST}}${RATE}))` +
          ` / sum(rate(mqueue_exporter_looks_total{${HOST}}${RATE}))`,
      },
    }))
    .withPanel(number({
      title: 'Reloads refused', unit: units.Short, width: 4, thresholds: [1, 1],
      description: 'Exporters whose last reload failed: their old configuration is in force.',
      queries: { exporters: `sum(mqueue_exporter_config_last_reload_successful{${HOST}} == bool 0)` },
    }))
    .withPanel(number({
      title: 'Series', unit: units.Short, width: 4,
      description: 'Series that the exporters expose, together.',
      queries: { series: `sum(scrape_samples_scraped{${HOST}} ${OURS})` },
    }))
    .withPanel(name({
      title: 'Versions', unit: units.Short, width: 4,
      description: 'What runs.',
      queries: { '{{version}}': `count by (version) (mqueue_exporter_build_info{${HOST}})` },
    }))

    .withRow(new RowBuilder('Rounds'))
    .withPanel(lines({
      title: 'Duration of a round', unit: units.Seconds, width: 12,
      description: 'How long discovery and the looks of the last round took.',
      queries: { '{{instance}}': `mqueue_exporter_round_duration_seconds{${HOST}}` },
    }))
    .withPanel(lines({
      title: 'Looks', unit: units.OpsPerSecond, width: 12,
      description: 'Looks at queues, those that failed included.',
      queries: { '{{instance}}': `rate(mqueue_exporter_looks_total{${HOST}}${RATE})` },
    }))
    .withPanel(lines({
      title: 'Queues watched', unit: units.Short, width: 12,
      description: 'Queues that each exporter watches, by kind.',
      queries: { '{{instance}} {{ipc}}': `mqueue_exporter_queues{${HOST}}` },
    }))
    .withPanel(lines({
      title: 'Queues left out', unit: units.Short, width: 12,
      description: 'excluded: by the configuration. limit: beyond limits.max_queues, only in sums. budget: put off to the ' +
        'next round because peek.cpu_budget was spent. late: not read before the round ended.',
      queries: { '{{instance}} {{reason}}': `mqueue_exporter_queues_skipped{${HOST}}` },
    }))

    .withRow(new RowBuilder('Errors'))
    .withPanel(lines({
      title: 'Failed looks by reason', unit: units.EventsPerSecond, width: 12,
      description: 'permission: rights are missing. descriptors, memory: the exporter is short of them. gone: the queue was ' +
        'removed meanwhile. uncopied: single messages only.',
      queries: { '{{instance}} {{reason}}': `rate(mqueue_exporter_look_errors_total{${HOST}}${RATE})` },
    }))
    .withPanel(lines({
      title: 'HTTP answers by code', unit: units.RequestsPerSecond, width: 12,
      description: 'Requests answered, by handler and status code.',
      queries: { '{{instance}} {{handler}} {{code}}': `rate(mqueue_exporter_http_requests_total{${HOST}}${RATE})` },
    }))
    .withPanel(lines({
      title: 'Series left out', unit: units.Short, width: 12,
      description: 'Series of mqueue_priority_messages beyond exact_priorities.max.',
      queries: { '{{instance}}': `mqueue_exporter_series_dropped{${HOST}}` },
    }))
    .withPanel(labels({
      title: 'Readers that serve', width: 12, height: 8,
      description: 'Ways of looking that each host\'s kernel and the exporter\'s rights allow.',
      queries: { '': `mqueue_exporter_reader_supported{${HOST}} == 1` },
      columns: { instance: 'Host', reader: 'Reader' },
    }))

    .withRow(new RowBuilder('Cost'))
    .withPanel(lines({
      title: 'CPU', unit: units.PercentUnit, width: 8,
      description: 'Of one core.',
      queries: { '{{instance}}': `rate(process_cpu_seconds_total{${HOST}}${RATE}) ${OURS}` },
    }))
    .withPanel(lines({
      title: 'Resident memory', unit: units.BytesIEC, width: 8,
      description: 'Memory of each exporter that is in RAM.',
      queries: { '{{instance}}': process('resident_memory_bytes') },
    }))
    .withPanel(lines({
      title: 'File descriptors', unit: units.PercentUnit, width: 8, thresholds: [0.7, 0.9],
      description: 'Open, of those that may be open. A look opens one queue at a time.',
      queries: { '{{instance}}': `process_open_fds{${HOST}} / process_max_fds ${OURS}` },
    }))
    .withPanel(lines({
      title: 'Threads', unit: units.Short, width: 8,
      description: 'Threads of each exporter.',
      queries: { '{{instance}}': process('threads') },
    }))
    .withPanel(lines({
      title: 'Duration of a scrape', unit: units.Seconds, width: 8,
      description: 'As Prometheus saw it.',
      queries: { '{{instance}}': `scrape_duration_seconds{${HOST}} ${OURS}` },
    }))
    .withPanel(lines({
      title: 'Series a scrape', unit: units.Short, width: 8,
      description: 'What a host costs Prometheus.',
      queries: { '{{instance}}': `scrape_samples_scraped{${HOST}} ${OURS}` },
    }))
    .build();
}
