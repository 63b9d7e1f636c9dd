// In place of @grafana/plugin-compat/datasources, which asks for a newer @grafana/runtime than npm has whole: these pages
// fetch their data themselves, and scenes never call it.

function absent(): never {
  throw new Error('these pages have no data sources');
}

export {
  absent as getDataSourceInstance, absent as getDataSourceInstanceList, absent as getDefaultDataSourceInstanceListItem,
};
