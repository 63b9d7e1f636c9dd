// Draws one dashboard with Grafana's scenes: page.html?dashboard=UID&prometheus=URL&to=SECONDS&seconds=N&var-NAME=VALUE...

import {
  createTheme, EventBusSrv, standardEditorsRegistry, standardFieldConfigEditorRegistry, standardTransformersRegistry, ThemeContext,
} from '@grafana/data';
import { initPluginTranslations } from '@grafana/i18n';
import { config, setAppEvents, setPluginImportUtils } from '@grafana/runtime';
import {
  EmbeddedScene, SceneDataNode, SceneDataTransformer, SceneGridItem, SceneGridLayout, SceneGridRow, SceneTimeRange, VizPanel,
} from '@grafana/scenes';
import { GlobalStyles, PortalContainer } from '@grafana/ui';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router-dom';

import { filled, PAGE, panelData, TIME_RANGE } from './data';
import { PLUGINS } from './plugins';
import { fieldOptions, transformers } from './registries';

const SAID = document.getElementById('said')!;

async function scenePanel(panel: any) {
  const data = new SceneDataNode({ data: await panelData(panel.targets) });
  return new VizPanel({
    pluginId: panel.type,
    title: filled(panel.title),
    description: panel.description,
    options: panel.options,
    fieldConfig: panel.fieldConfig,
    $data: panel.transformations
      ? new SceneDataTransformer({ $data: data, transformations: panel.transformations }) : data,
  });
}

async function scene(dashboard: any): Promise<EmbeddedScene> {
  const children = await Promise.all(dashboard.panels.map(async (panel: any) => {
    const { x, y, w, h } = panel.gridPos;
    if (panel.type === 'row') return new SceneGridRow({ title: filled(panel.title), x, y, isCollapsed: false, children: [] });
    return new SceneGridItem({ x, y, width: w, height: h, body: await scenePanel(panel) });
  }));
  return new EmbeddedScene({
    $timeRange: new SceneTimeRange({ from: TIME_RANGE.from.toISOString(), to: TIME_RANGE.to.toISOString(), timeZone: 'utc' }),
    body: new SceneGridLayout({ children, isLazy: false }),
  });
}

async function main() {
  const theme = createTheme({ colors: { mode: 'light' } });
  Object.assign(config, { theme2: theme });
  setAppEvents(new EventBusSrv() as any);
  await initPluginTranslations('mqueue');
  standardEditorsRegistry.setInit(() => []);
  standardFieldConfigEditorRegistry.setInit(fieldOptions);
  standardTransformersRegistry.setInit(transformers);
  setPluginImportUtils({
    importPanelPlugin: async (id: string) => PLUGINS[id],
    getPanelPluginFromCache: (id: string) => {
      PLUGINS[id].meta = { ...PLUGINS[id].meta, id, name: id, info: { version: '' } } as any;
      return PLUGINS[id];
    },
  });
  const dashboard = await (await fetch(`${PAGE.get('dashboard')}.json`)).json();
  document.getElementById('title')!.textContent = dashboard.title;
  const drawn = await scene(dashboard);
  createRoot(document.getElementById('scene')!).render(
    <ThemeContext.Provider value={theme}>
      <GlobalStyles />
      <BrowserRouter><drawn.Component model={drawn} /><PortalContainer /></BrowserRouter>
    </ThemeContext.Provider>);
}

// The browser takes its picture at the page's load, which an image holds back that the server sends after this.
async function sayWhenSettled() {
  for (let same = 0, before = ''; same < 6; ) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const now = document.body.innerHTML;
    same = now === before ? same + 1 : 0;
    before = now;
  }
  await fetch('done');
}

window.onerror = (message) => { SAID.textContent += `${message}\n`; };
window.onunhandledrejection = ({ reason }) => { SAID.textContent += `${reason?.stack ?? reason}\n`; };
main().then(sayWhenSettled, (error) => { SAID.textContent += error.stack; return sayWhenSettled(); });
