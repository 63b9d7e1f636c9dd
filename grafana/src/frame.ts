// What the dashboards have in common: where they are found, what links them, and the alerts on their time axes.

import {
  AnnotationQueryBuilder, DashboardBuilder, DashboardCursorSync, DashboardLinkBuilder, DashboardLinkType,
} from '@grafana/grafana-foundation-sdk/dashboard';

import { DATA_SOURCE } from './variables.js';

export const OVERVIEW = 'mqueue-overview';
export const QUEUE = 'mqueue-queue';
export const EXPORTER = 'mqueue-exporter';

const TAG = 'mqueue';

/** A dashboard without variables and panels. `alerts`: the matchers of the alerts that it shows as annotations. */
export function frame(uid: string, title: string, description: string, alerts: string): DashboardBuilder {
  return new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags([TAG, 'prometheus'])
    .editable()
    .refresh('30s')
    .time({ from: 'now-1h', to: 'now' })
    .timezone('browser')
    .tooltip(DashboardCursorSync.Crosshair)
    .link(new DashboardLinkBuilder('Message queues').type(DashboardLinkType.Dashboards).tags([TAG])
      .asDropdown(false).includeVars(true).keepTime(true).targetBlank(false).icon('external link').tooltip('').url(''))
    .annotation(new AnnotationQueryBuilder()
      .name('Alerts').datasource(DATA_SOURCE).enable(true).hide(false).iconColor('red')
      .expr(`ALERTS{alertname=~"Mqueue.+",alertstate="firing",${alerts}}`)
      .step('60s').titleFormat('{{alertname}}').textFormat('{{instance}} {{queue}}').tagKeys('severity'));
}

/** From a series of a queue to the dashboard that shows that queue alone. */
export function toQueue(): DashboardLinkBuilder {
  const of = (label: string) => `\${__field.labels.${label}:percentencode}`;
  return new DashboardLinkBuilder('Show this queue')
    .type(DashboardLinkType.Link)
    .url(`/d/${QUEUE}?var-datasource=\${datasource}&var-host=${of('instance')}&var-namespace=${of('ipc_namespace')}` +
      `&var-ipc=${of('ipc')}&var-queue=${of('queue')}&\${__url_time_range}`);
}
