// The committed dashboards: what the code makes, of the form that Grafana reads, and complete.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';

import * as units from '@grafana/grafana-foundation-sdk/units';

import { Dashboard, faults, Panel } from './schema.js';

const FILES = readdirSync('dashboards').sort();
const read = (file: string): Dashboard => JSON.parse(readFileSync(join('dashboards', file), 'utf8'));
const DASHBOARDS = FILES.map(read);
const shown = (dashboard: Dashboard) => dashboard.panels.filter((panel) => panel.type !== 'row');

test('committed files are what the code generates', () => {
  const directory = mkdtempSync(join(tmpdir(), 'dashboards-'));
  try {
    execFileSync(process.execPath, ['out/src/generate.js', directory]);
    assert.deepEqual(readdirSync(directory).sort(), FILES);
    for (const file of FILES) {
      assert.equal(readFileSync(join(directory, file), 'utf8'), readFileSync(join('dashboards', file), 'utf8'), file);
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('every dashboard has the form that Grafana\'s types ask for', () => {
  assert.equal(FILES.length, 3);
  assert.deepEqual(DASHBOARDS.flatMap(faults), []);
});

test('a typo anywhere is found', () => {
  const typos: ((dashboard: Dashboard, panel: Panel) => void)[] = [
    (dashboard) => Object.assign(dashboard, { tittle: 'x' }),
    (dashboard) => Object.assign(dashboard.templating.list[0], { includeal: true }),
    (_, panel) => Object.assign(panel, { descripton: 'x' }),
    (_, panel) => Object.assign(panel.options!, { legnd: {} }),
    (_, panel) => Object.assign(panel.fieldConfig!.defaults, { unitt: 's' }),
    (_, panel) => Object.assign(panel.fieldConfig!.defaults.custom!, { drawStyle: 'lines' }),
    (_, panel) => Object.assign(panel.targets![0], { expression: 'up' }),
  ];
  for (const typo of typos) {
    const dashboard = read('mqueue-overview.json');
    typo(dashboard, dashboard.panels.find((panel) => panel.type === 'timeseries')!);
    assert.notDeepEqual(faults(dashboard), [], typo.toString());
  }
});

test('every panel says what it shows, in a unit that Grafana knows', () => {
  const known = new Set<unknown>(Object.values(units));
  for (const panel of DASHBOARDS.flatMap(shown)) {
    assert.ok(panel.title && (panel.description ?? '').length > 5, `${panel.title} has no description`);
    assert.ok(panel.targets?.length, `${panel.title} has no query`);
    const unit = panel.fieldConfig?.defaults.unit;
    if (panel.type === 'table' || panel.type === 'heatmap') continue;
    assert.ok(unit && known.has(unit), `${panel.title}: unit ${unit}`);
  }
});

test('ids are unique and panels do not overlap', () => {
  for (const { uid, panels } of DASHBOARDS) {
    assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length, uid);
    const taken = new Map<string, string>();
    for (const { title, gridPos: { x, y, w, h } } of panels) {
      assert.ok(x + w <= 24, `${uid}: ${title} is beyond the edge`);
      for (let column = x; column < x + w; column++) {
        for (let row = y; row < y + h; row++) {
          assert.equal(taken.get(`${column} ${row}`), undefined, `${uid}: ${title} lies on another panel`);
          taken.set(`${column} ${row}`, title);
        }
      }
    }
  }
});

test('variables choose host, namespace, ipc and queue, and are all used', () => {
  for (const dashboard of DASHBOARDS) {
    const names = dashboard.templating.list.map(({ name }) => name);
    const expected = dashboard.uid === 'mqueue-exporter' ? ['host'] : ['host', 'namespace', 'ipc', 'queue'];
    assert.deepEqual(names.filter((name) => name !== 'datasource' && name !== 'top'), expected);
    const everything = JSON.stringify(dashboard.panels);
    for (const name of names) assert.match(everything, new RegExp(`\\$\\{?${name}\\b`), `${dashboard.uid}: ${name}`);
    const used = everything.match(/\$(?!\{?__)\{?[a-z]+/g)!.map((use) => use.replace(/[${]/g, ''));
    assert.deepEqual([...new Set(used)].filter((name) => !names.includes(name)), [], dashboard.uid);
  }
});

test('links lead to dashboards that exist and set variables that they have', () => {
  const links = DASHBOARDS.flatMap(shown).flatMap((panel) => panel.fieldConfig?.defaults.links ?? []);
  assert.ok(links.length > 0);
  for (const { url } of links) {
    const [, uid] = url.match(/^\/d\/([^?]+)\?/)!;
    const target = DASHBOARDS.find((dashboard) => dashboard.uid === uid);
    assert.ok(target, url);
    const names = target.templating.list.map(({ name }) => name);
    assert.deepEqual([...url.matchAll(/var-([a-z]+)=/g)].map(([, name]) => name).sort(), names.sort());
  }
});

test('alerts are annotations on every dashboard', () => {
  for (const dashboard of DASHBOARDS) {
    assert.match(dashboard.annotations.list[0].expr, /^ALERTS\{alertname=~"Mqueue\.\+",alertstate="firing",/);
  }
});
