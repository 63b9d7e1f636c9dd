// Panels with the defaults that all dashboards share. Every one has a description.

import * as common from '@grafana/grafana-foundation-sdk/common';
import {
  DashboardLinkBuilder, DynamicConfigValue, FieldColorBuilder, FieldColorModeId, ThresholdsConfigBuilder, ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import * as bargauge from '@grafana/grafana-foundation-sdk/bargauge';
import * as heatmap from '@grafana/grafana-foundation-sdk/heatmap';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as table from '@grafana/grafana-foundation-sdk/table';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';

import { DATA_SOURCE } from './variables.js';

/** What a panel shows: `queries` by their legends. */
export interface Shown {
  title: string;
  description: string;
  unit: string;
  queries: Record<string, string>;
  /** Columns of 24, and rows. */
  width: number;
  height?: number;
  /** Where yellow and red begin. */
  thresholds?: [number, number];
  links?: DashboardLinkBuilder[];
}

const LETTERS = 'ABCDEFGHIJ';

function targets(queries: Record<string, string>): DataqueryBuilder[] {
  return Object.entries(queries).map(([legend, expression], index) => new DataqueryBuilder()
    .refId(LETTERS[index]).datasource(DATA_SOURCE).expr(expression).legendFormat(legend));
}

function steps(limits?: [number, number]): ThresholdsConfigBuilder {
  const colours: { value: number | null; color: string }[] = [{ value: null, color: 'green' }];
  if (limits) colours.push({ value: limits[0], color: 'yellow' }, { value: limits[1], color: 'red' });
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(colours);
}

// What every kind of panel has.
function common_<Builder extends timeseries.PanelBuilder | stat.PanelBuilder | bargauge.PanelBuilder>(
  panel: Builder, shown: Shown): Builder {
  panel.title(shown.title).description(shown.description).datasource(DATA_SOURCE).unit(shown.unit)
    .span(shown.width).thresholds(steps(shown.thresholds));
  if (shown.links) panel.dataLinks(shown.links);
  return panel;
}

/** Lines over time; thresholds are drawn as dashed lines. */
export function lines(shown: Shown): timeseries.PanelBuilder {
  const panel = common_(new timeseries.PanelBuilder(), shown)
    .height(shown.height ?? 8)
    .targets(targets(shown.queries).map((query) => query.range()))
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.PaletteClassic))
    .lineWidth(1).fillOpacity(Object.keys(shown.queries).some((legend) => legend.includes('{{')) ? 0 : 8).showPoints(common.VisibilityMode.Never)
    .axisSoftMin(0)
    .legend(new common.VizLegendOptionsBuilder().displayMode(common.LegendDisplayMode.Table)
      .placement(common.LegendPlacement.Bottom).showLegend(true).calcs(['lastNotNull', 'max'])
      .sortBy('Max').sortDesc(true))
    .tooltip(new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi)
      .sort(common.SortOrder.Descending));
  if (shown.thresholds) {
    panel.thresholdsStyle(new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Dashed));
  }
  return panel;
}

/** The last value of each query, with its course behind it. */
export function number(shown: Shown): stat.PanelBuilder {
  return common_(new stat.PanelBuilder(), shown)
    .height(shown.height ?? 4)
    .targets(targets(shown.queries).map((query) => query.range()))
    .colorMode(shown.thresholds ? common.BigValueColorMode.Value : common.BigValueColorMode.None)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .graphMode(common.BigValueGraphMode.Area)
    .wideLayout(false)
    .textMode(Object.keys(shown.queries).length > 1 ? common.BigValueTextMode.ValueAndName : common.BigValueTextMode.Value)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false));
}

/** As number, but what it shows is the name of each series. */
export function name(shown: Shown): stat.PanelBuilder {
  return number(shown).textMode(common.BigValueTextMode.Name).graphMode(common.BigValueGraphMode.None);
}

/** Bars, the longest first: the query ranks and cuts. */
export function ranking(shown: Shown & { max?: number }): bargauge.PanelBuilder {
  const panel = common_(new bargauge.PanelBuilder(), shown)
    .height(shown.height ?? 9)
    .targets(targets(shown.queries).map((query) => query.instant()))
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .orientation(common.VizOrientation.Horizontal)
    .displayMode(common.BarGaugeDisplayMode.Basic)
    .valueMode(common.BarGaugeValueMode.Text)
    .sizing(common.BarGaugeSizing.Manual).minVizHeight(16).maxVizHeight(28)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false))
    .min(0);
  if (shown.max !== undefined) panel.max(shown.max);
  return panel;
}

/** Cumulative buckets of a gauge histogram as a heatmap over time. */
export function buckets(shown: Omit<Shown, 'thresholds' | 'links'> & { axis: string }): heatmap.PanelBuilder {
  return new heatmap.PanelBuilder()
    .title(shown.title).description(shown.description).datasource(DATA_SOURCE)
    .span(shown.width).height(shown.height ?? 9)
    .targets(targets(shown.queries).map((query) => query.range().format(PromQueryFormat.Heatmap)))
    .calculate(false)
    .cellGap(1)
    .color(new heatmap.HeatmapColorOptionsBuilder().mode(heatmap.HeatmapColorMode.Scheme).scheme('Oranges')
      .scale(heatmap.HeatmapColorScale.Exponential).exponent(0.5).steps(64).fill('dark-orange').reverse(false))
    // Empty buckets stay blank.
    .filterValues(new heatmap.FilterValueRangeBuilder().le(1e-9))
    .cellValues(new heatmap.CellValuesBuilder().unit(shown.unit))
    .yAxis(new heatmap.YAxisConfigBuilder().axisPlacement(common.AxisPlacement.Left).axisLabel(shown.axis).reverse(false))
    .tooltip(new heatmap.HeatmapTooltipBuilder().mode(common.TooltipDisplayMode.Single).yHistogram(true))
    .showLegend();
}

/** The labels of info series, a row each, in the order of `columns` (label: heading); other labels are left out. */
export function labels(shown: Omit<Shown, 'unit' | 'thresholds' | 'links'> & { columns: Record<string, string> }):
  table.PanelBuilder {
  const order = Object.keys(shown.columns);
  return new table.PanelBuilder()
    .title(shown.title).description(shown.description).datasource(DATA_SOURCE)
    .span(shown.width).height(shown.height ?? 7)
    .targets(targets(shown.queries).map((query) => query.instant().format(PromQueryFormat.Table)))
    .withTransformation({ id: 'filterFieldsByName', options: { include: { names: order } } })
    .withTransformation({
      id: 'organize',
      options: {
        excludeByName: {},
        indexByName: Object.fromEntries(order.map((label, index) => [label, index])),
        renameByName: shown.columns,
      },
    })
    .showHeader(true).filterable(true);
}

/** A line that is a limit and no measurement: dashed, without filling. */
export const LIMIT: DynamicConfigValue[] = [
  { id: 'custom.lineStyle', value: { fill: 'dash', dash: [8, 8] } },
  { id: 'custom.fillOpacity', value: 0 },
  { id: 'color', value: { mode: 'fixed', fixedColor: 'red' } },
];
