// Asks Prometheus what a panel asks, and gives the answer the form that Grafana's panels take.

import { DataFrame, dateTime, FieldType, LoadingState, PanelData, toDataFrame } from '@grafana/data';

export interface Target { refId: string; expr: string; legendFormat: string; instant: boolean; format?: string }

interface Series { metric: Record<string, string>; values?: [number, string][]; value?: [number, string] }

/** The page's query: a value for each variable, and the times between which to draw. */
export const PAGE = new URLSearchParams(window.location.search);
const TO = Number(PAGE.get('to'));
const FROM = TO - Number(PAGE.get('seconds'));

export const TIME_RANGE = { from: dateTime(FROM * 1000), to: dateTime(TO * 1000), raw: { from: 'x', to: 'y' } };

/** A text with the values of the variables in it: of `var-host` for $host. */
export function filled(text: string): string {
  let result = text.replaceAll('$__rate_interval', '30s');
  for (const [name, value] of PAGE) {
    if (name.startsWith('var-')) result = result.replaceAll(name.replace('var-', () => '$'), () => value);
  }
  return result;
}

async function ask({ expr, instant }: Target): Promise<Series[]> {
  const parameters: Record<string, string> = { query: filled(expr) };
  Object.assign(parameters, instant ? { time: `${TO}` } : { start: `${FROM}`, end: `${TO}`, step: '1' });
  const url = `${PAGE.get('prometheus')}/api/v1/${instant ? 'query' : 'query_range'}?${new URLSearchParams(parameters)}`;
  const answer = await (await fetch(url)).json();
  if (answer.status !== 'success') throw new Error(`${filled(expr)}: ${answer.error}`);
  return answer.data.result;
}

const legend = (format: string, labels: Record<string, string>) =>
  format.replace(/\{\{(\w+)\}\}/g, (_, label) => labels[label] ?? '');

function graph(target: Target, { metric, values, value }: Series): DataFrame {
  const points = values ?? [value!];
  const name = legend(target.legendFormat, metric);
  return toDataFrame({
    refId: target.refId,
    name,
    fields: [
      { name: 'Time', type: FieldType.time, values: points.map(([time]) => time * 1000) },
      { name: 'Value', type: FieldType.number, values: points.map(([, text]) => Number(text)), labels: metric,
        config: { displayNameFromDS: name } },
    ],
  });
}

// All series as rows, the labels as columns.
function table(target: Target, series: Series[]): DataFrame {
  const labels = [...new Set(series.flatMap(({ metric }) => Object.keys(metric)))];
  return toDataFrame({
    refId: target.refId,
    fields: [
      ...labels.map((label) => (
        { name: label, type: FieldType.string, values: series.map(({ metric }) => metric[label] ?? '') })),
      { name: 'Value', type: FieldType.number, values: series.map(({ value }) => Number(value![1])) },
    ],
  });
}

/** What the panel's queries bring. */
export async function panelData(targets: Target[]): Promise<PanelData> {
  const answers = await Promise.all(targets.map(async (target) => {
    const series = await ask(target);
    return target.format === 'table' ? [table(target, series)] : series.map((one) => graph(target, one));
  }));
  return { state: LoadingState.Done, series: answers.flat(), timeRange: TIME_RANGE };
}
