// Writes the dashboards: generate.js DIRECTORY

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';

import { exporter } from './exporter.js';
import { overview } from './overview.js';
import { queue } from './queue.js';

const [directory] = process.argv.slice(2);
if (!directory) {
  console.error('usage: generate.js DIRECTORY');
  process.exit(2);
}

// What the builders leave to be done. A panel without an id gets another one at each import, and links to it break. The
// schema's version is the one of Grafana 10, so that this and every later one reads it. Links and annotations belong in
// sight, not in a menu; only variables that are intervals have automatic ones, and tables have lost their footer.
function finished(dashboard: Dashboard): unknown {
  const plain = JSON.parse(JSON.stringify(dashboard, (key, value) =>
    (key === 'placement' && value === 'inControlsMenu') || key.startsWith('auto') || key === 'footer' ? undefined : value));
  plain.panels.forEach((panel: { id: number }, index: number) => { panel.id = index + 1; });
  return { ...plain, schemaVersion: 38 };
}

mkdirSync(directory, { recursive: true });
for (const dashboard of [overview(), queue(), exporter()]) {
  writeFileSync(join(directory, `${dashboard.uid}.json`), `${JSON.stringify(finished(dashboard), null, 2)}\n`);
}
