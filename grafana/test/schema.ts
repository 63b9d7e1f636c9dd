// JSON schemas of Grafana's own types, and what a dashboard has that they do not know.

import { Ajv, ErrorObject, ValidateFunction } from 'ajv';
import { createGenerator } from 'ts-json-schema-generator';

export interface Panel {
  id: number;
  type: string;
  title: string;
  description?: string;
  gridPos: { x: number; y: number; w: number; h: number };
  options?: object;
  fieldConfig?: { defaults: { unit?: string; custom?: object; links?: { url: string }[] } };
  targets?: { refId: string; expr: string }[];
}

export interface Dashboard {
  uid: string;
  panels: Panel[];
  templating: { list: { name: string }[] };
  annotations: { list: { expr: string }[] };
}

const generator = createGenerator({
  path: 'test/grafana_types.ts',
  tsconfig: 'tsconfig.json',
  // Inline: two of Grafana's types have the same name.
  expose: 'none',
  additionalProperties: false,
  skipTypeCheck: true,
});
// Grafana's comments have keywords of their own, which ajv need not know.
const ajv = new Ajv({ strict: false, allErrors: true });
const whole = ajv.compile(generator.createSchema('Whole'));
const target = ajv.compile(generator.createSchema('Target'));
const panels = ajv.compile(generator.createSchema('Panels'));

function errors(validate: ValidateFunction, value: unknown, where: string): string[] {
  if (validate(value)) return [];
  return (validate.errors as ErrorObject[]).map(({ instancePath, message, params }) =>
    `${where}${instancePath} ${message} ${JSON.stringify(params)}`);
}

/** What is wrong with a dashboard; empty when nothing is. */
export function faults(dashboard: Dashboard): string[] {
  const found = errors(whole, dashboard, dashboard.uid);
  for (const panel of dashboard.panels) {
    if (panel.type === 'row') continue;
    const where = `${dashboard.uid}: ${panel.title}`;
    const kind = { [panel.type]: { options: panel.options ?? {}, custom: panel.fieldConfig?.defaults.custom ?? {} } };
    found.push(...errors(panels, kind, where));
    for (const query of panel.targets ?? []) found.push(...errors(target, query, where));
  }
  return found;
}
