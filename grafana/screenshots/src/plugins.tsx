// Panels for the kinds that the dashboards use. Grafana's own are not on npm: these put its components (graph, big value,
// bar) into plugins of the same ids. Heatmap and table are plain stand-ins.

import {
  Field, FieldColorModeId, FieldType, getFieldDisplayValues, identityOverrideProcessor, PanelPlugin, PanelProps,
} from '@grafana/data';
import { BarGauge, BigValue, TimeSeries, useTheme2, VizRepeater } from '@grafana/ui';

const values = (panel: PanelProps<any>, theme: ReturnType<typeof useTheme2>) => getFieldDisplayValues({
  fieldConfig: panel.fieldConfig,
  reduceOptions: panel.options.reduceOptions,
  replaceVariables: panel.replaceVariables,
  theme,
  data: panel.data.series,
  timeZone: panel.timeZone,
});

const Nothing = () => <div style={{ padding: 16, color: '#888' }}>No data</div>;

function Lines({ data, width, height, timeRange, timeZone, options }: PanelProps<any>) {
  if (data.series.length === 0) return <Nothing />;
  return <TimeSeries frames={data.series} structureRev={data.structureRev} width={width} height={height}
    timeRange={timeRange} timeZone={timeZone} legend={options.legend} options={options} />;
}

function Numbers(panel: PanelProps<any>) {
  const theme = useTheme2();
  const found = values(panel, theme);
  return <VizRepeater width={panel.width} height={panel.height} source={panel.data} orientation={panel.options.orientation}
    itemSpacing={3} getValues={() => found} renderCounter={panel.renderCounter}
    renderValue={({ value: { display, sparkline }, width, height }) =>
      <BigValue value={display} width={width} height={height} theme={theme} sparkline={sparkline}
        colorMode={panel.options.colorMode} graphMode={panel.options.graphMode} justifyMode={panel.options.justifyMode}
        textMode={panel.options.textMode} wideLayout={panel.options.wideLayout} count={found.length} />} />;
}

function Bars(panel: PanelProps<any>) {
  const theme = useTheme2();
  const found = values(panel, theme);
  if (panel.data.series.length === 0) return <Nothing />;
  return <VizRepeater width={panel.width} height={panel.height} source={panel.data} orientation={panel.options.orientation}
    itemSpacing={8} minVizHeight={panel.options.minVizHeight} maxVizHeight={panel.options.maxVizHeight} getValues={() => found} renderCounter={panel.renderCounter}
    renderValue={({ value: { display, field, view, colIndex }, width, height }) =>
      <BarGauge value={display} field={field} display={view?.getFieldDisplayProcessor(colIndex!)} width={width}
        height={height} theme={theme} orientation={panel.options.orientation} displayMode={panel.options.displayMode}
        valueDisplayMode={panel.options.valueMode} namePlacement={panel.options.namePlacement} />} />;
}

function Rows({ data }: PanelProps<any>) {
  if (data.series.length === 0) return <Nothing />;
  const [{ fields, length }] = data.series;
  const name = (field: Field) => field.config.displayName ?? field.name;
  return <table style={{ width: '100%', textAlign: 'left' }}>
    <thead><tr>{fields.map((field) => <th key={name(field)}>{name(field)}</th>)}</tr></thead>
    <tbody>{[...Array(length).keys()].map((row) =>
      <tr key={row}>{fields.map((field) => <td key={name(field)}>{String(field.values[row])}</td>)}</tr>)}</tbody>
  </table>;
}

// Cumulative series by bound become cells by bucket; the darker, the more.
function Cells({ data, width, height }: PanelProps<any>) {
  if (data.series.length === 0) return <Nothing />;
  const rows = data.series
    .map((frame) => ({ name: frame.name ?? '', bound: Number((frame.name ?? '').replace('+Inf', 'Infinity')),
      counts: frame.fields.find((field) => field.type === FieldType.number)!.values as number[] }))
    .sort((one, other) => one.bound - other.bound);
  const cells = rows.map(({ name, counts }, row) =>
    ({ name, counts: counts.map((count, time) => count - (row ? rows[row - 1].counts[time] ?? 0 : 0)) })).reverse();
  const most = Math.max(1, ...cells.flatMap(({ counts }) => counts));
  const [left, h] = [60, (height - 4) / cells.length];
  return <svg width={width} height={height} fontSize={11} fill="currentColor">
    {cells.map(({ name, counts }, row) => <g key={name}>
      <text x={left - 8} y={(row + 0.7) * h} textAnchor="end">{name}</text>
      {counts.map((count, time) => count > 0 && <rect key={time} x={left + time * (width - left) / counts.length}
        y={row * h} width={(width - left) / counts.length} height={h - 1} fill="darkorange"
        opacity={0.15 + 0.85 * Math.sqrt(count / most)} />)}
    </g>)}
  </svg>;
}

const CUSTOM: Record<string, unknown> = {
  drawStyle: 'line', lineInterpolation: 'linear', lineWidth: 1, fillOpacity: 0, gradientMode: 'none', showPoints: 'auto',
  pointSize: 5, spanNulls: false, axisPlacement: 'auto', axisColorMode: 'text', axisLabel: '', axisBorderShow: false,
  axisGridShow: undefined, axisCenteredZero: false, axisSoftMin: undefined, lineStyle: undefined,
  scaleDistribution: { type: 'linear' }, stacking: { mode: 'none', group: 'A' }, thresholdsStyle: { mode: 'off' },
  hideFrom: { tooltip: false, viz: false, legend: false },
};

const plugin = (component: any) => new PanelPlugin(component).useFieldConfig();

export const PLUGINS: Record<string, PanelPlugin<any, any>> = {
  timeseries: new PanelPlugin<any>(Lines).useFieldConfig({
    standardOptions: { color: { defaultValue: { mode: FieldColorModeId.PaletteClassic } } } as any,
    useCustomConfig: (builder) => Object.entries(CUSTOM).forEach(([path, defaultValue]) => builder.addCustomEditor({
      id: path, path, name: path, defaultValue, editor: () => null, override: () => null,
      process: identityOverrideProcessor, shouldApply: (field) => field.type !== FieldType.time,
    } as any)),
  }),
  stat: plugin(Numbers),
  bargauge: plugin(Bars),
  table: plugin(Rows),
  heatmap: plugin(Cells),
};
