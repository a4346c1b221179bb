import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog'
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus'

export const prometheus = { type: 'prometheus', uid: 'prometheus' }
export const postgres = { type: 'grafana-postgresql-datasource', uid: 'postgres' }

const refIds = 'ABCDEFGHIJ'

/** A query over the time that the dashboard shows, its legend by label: `{{type}}`. */
export const over = (expr: string, legend = '', index = 0): Builder<Dataquery> =>
  new DataqueryBuilder().datasource(prometheus).refId(refIds[index]!).expr(expr).legendFormat(legend).range()

/** Several of them, by their legends. */
export const overs = (queries: Readonly<Record<string, string>>): Builder<Dataquery>[] =>
  Object.entries(queries).map(([legend, expr], i) => over(expr, legend, i))

/** A query of the moment. */
export const now = (expr: string, legend = ''): Builder<Dataquery> =>
  new DataqueryBuilder().datasource(prometheus).refId('A').expr(expr).legendFormat(legend).instant()

/** The same as rows of a table. */
export const rows = (expr: string): Builder<Dataquery> =>
  new DataqueryBuilder().datasource(prometheus).refId('A').expr(expr).format(PromQueryFormat.Table).instant()

/** Buckets of a histogram, for a heatmap. */
export const buckets = (expr: string): Builder<Dataquery> =>
  new DataqueryBuilder()
    .datasource(prometheus)
    .refId('A')
    .expr(expr)
    .legendFormat('{{le}}')
    .format(PromQueryFormat.Heatmap)
    .range()

/** Rows of PostgreSQL. */
export const sql = (rawSql: string): Builder<Dataquery> => ({
  build: () => ({
    refId: 'A',
    datasource: postgres,
    editorMode: 'code',
    format: 'table',
    rawQuery: true,
    rawSql,
    _implementsDataqueryVariant() {},
  }),
})

/** A quantile of a histogram, over the interval that suits the resolution of the panel. */
export const quantile = (q: number, histogram: string, by = ''): string =>
  `histogram_quantile(${q}, sum by (le${by === '' ? '' : `, ${by}`}) (rate(${histogram}_bucket[$__rate_interval])))`

/** Per second, over that interval. */
export const perSecond = (counter: string, by = ''): string =>
  `sum${by === '' ? '' : ` by (${by})`} (rate(${counter}[$__rate_interval]))`
