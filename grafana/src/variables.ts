// The variables of the dashboards, and the selectors that apply them.

import {
  CustomVariableBuilder, DatasourceVariableBuilder, QueryVariableBuilder, VariableRefresh, VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';

export const DATA_SOURCE = { type: 'prometheus', uid: '${datasource}' };

/** Label matchers for what is known of hosts, of IPC namespaces, and of queues. */
export const HOST = 'instance=~"$host"';
export const NAMESPACE = `${HOST},ipc_namespace=~"$namespace",ipc=~"$ipc"`;
export const QUEUES = `${NAMESPACE},queue=~"$queue"`;
export const ONE_QUEUE = 'instance="$host",ipc_namespace="$namespace",ipc="$ipc",queue="$queue"';

export function dataSource(): DatasourceVariableBuilder {
  return new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus');
}

function label(name: string, of: string, series: string): QueryVariableBuilder {
  const query = `label_values(${series}, ${of})`;
  return new QueryVariableBuilder(name)
    .label(name[0].toUpperCase() + name.slice(1))
    .datasource(DATA_SOURCE)
    .query({ query, refId: name })
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc);
}

// Without the list of all values in each query, which a thousand queues would make too long.
function anyOf(name: string, of: string, series: string): QueryVariableBuilder {
  return label(name, of, series).multi(true).includeAll(true).allValue('.*')
    .current({ selected: true, text: 'All', value: '$__all' });
}

/** Hosts that have an exporter, whether they have queues or not. */
export function hosts(): QueryVariableBuilder {
  return anyOf('host', 'instance', 'mqueue_exporter_build_info');
}

/** Host, namespace, ipc and queue, any number of each. */
export function anyQueues(): QueryVariableBuilder[] {
  return [
    hosts(),
    anyOf('namespace', 'ipc_namespace', `mqueue_namespace_queues{${HOST}}`),
    anyOf('ipc', 'ipc', `mqueue_namespace_queues{${HOST},ipc_namespace=~"$namespace"}`),
    anyOf('queue', 'queue', `mqueue_up{${NAMESPACE}}`),
  ];
}

/** Host, namespace, ipc and queue, one of each. */
export function oneQueue(): QueryVariableBuilder[] {
  return [
    label('host', 'instance', 'mqueue_up'),
    label('namespace', 'ipc_namespace', 'mqueue_up{instance="$host"}'),
    label('ipc', 'ipc', 'mqueue_up{instance="$host",ipc_namespace="$namespace"}'),
    label('queue', 'queue', 'mqueue_up{instance="$host",ipc_namespace="$namespace",ipc="$ipc"}'),
  ];
}

/** How many queues the rankings show. */
export function top(): CustomVariableBuilder {
  return new CustomVariableBuilder('top').label('Top').values('5,10,20,50')
    .current({ selected: true, text: '10', value: '10' });
}
