// The types of Grafana that the dashboards must be of; the schema test makes JSON schemas of them.

import type { Dataquery } from '@grafana/grafana-foundation-sdk/prometheus';
import type { AnnotationQuery, Dashboard } from '@grafana/schema';
import type * as BarGauge from '@grafana/schema/dist/esm/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen';
import type * as Heatmap from '@grafana/schema/dist/esm/raw/composable/heatmap/panelcfg/x/HeatmapPanelCfg_types.gen';
import type * as Stat from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type * as Table from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import type * as TimeSeries from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';

/** A dashboard as a whole. What is particular to a kind of panel is unknown to this type; an annotation has what the
 * Prometheus data source reads of it. */
export interface Whole extends Omit<Dashboard, 'annotations'> {
  annotations: { list: (AnnotationQuery & PrometheusAnnotation)[] };
}

interface PrometheusAnnotation {
  expr: string;
  step?: string;
  titleFormat?: string;
  textFormat?: string;
  tagKeys?: string;
}

/** A query to Prometheus. */
export type Target = Dataquery;

/** Options and field options by kind of panel, one kind at a time; Grafana fills in what is left out. */
export interface Panels {
  bargauge?: { options: Partial<BarGauge.Options>; custom: Record<string, never> };
  heatmap?: { options: Partial<Heatmap.Options>; custom: Partial<Heatmap.FieldConfig> };
  stat?: { options: Partial<Stat.Options>; custom: Record<string, never> };
  table?: { options: Partial<Table.Options>; custom: Partial<Table.FieldConfig> };
  timeseries?: { options: Partial<TimeSeries.Options>; custom: Partial<TimeSeries.FieldConfig> };
}
