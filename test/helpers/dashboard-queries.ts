import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { DashboardFile, TargetFile } from '#infra/dashboards/check.ts'

const folder = join(import.meta.dirname, '../../infra/grafana/dashboards')

/** The dashboards as they are checked in, by the names of their files. */
export const dashboardsOnDisk = (): Record<string, DashboardFile> =>
  Object.fromEntries(
    globSync(join(folder, '*.json')).map((file) => [
      basename(file, '.json'),
      JSON.parse(readFileSync(file, 'utf8')) as DashboardFile,
    ]),
  )

/** What Grafana puts in for its own variables, with scrapes each second. */
const filledIn = (expr: string): string => expr.replaceAll('$__rate_interval', '10s').replaceAll('$__range', '5m')

const filledInSql = (sql: string): string =>
  sql.replaceAll(/\$__timeFilter\((\w+)\)/g, "$1 BETWEEN now() - interval '15 minutes' AND now()")

interface Answer {
  readonly status: string
  readonly error?: string
  readonly data?: {
    readonly result: readonly {
      readonly value?: readonly [number, string]
      readonly values?: readonly (readonly [number, string])[]
    }[]
  }
}

/** Whatever answers to SQL. */
export interface Database {
  query(sql: string): Promise<{ readonly rows: readonly Record<string, unknown>[] }>
}

/** Asks Prometheus or PostgreSQL what a panel asks; undefined when there are data, else what is wrong. */
export async function problemOf(
  target: TargetFile,
  prometheusUrl: string,
  database: Database,
): Promise<string | undefined> {
  if (target.rawSql !== undefined) {
    const { rows } = await database.query(filledInSql(target.rawSql))
    return rows.length > 0 ? undefined : 'no rows'
  }
  const query = filledIn(target.expr ?? '')
  const nowS = Date.now() / 1_000
  const range = { start: String(nowS - 60), end: String(nowS), step: '2' }
  const path = target.instant ? 'query' : 'query_range'
  const parameters = new URLSearchParams({ query, ...(target.instant ? {} : range) })
  const answer = (await (await fetch(`${prometheusUrl}/api/v1/${path}?${parameters}`)).json()) as Answer
  if (answer.status !== 'success') return answer.error
  const values = (answer.data?.result ?? []).flatMap(({ value, values = [] }) =>
    value === undefined ? values : [value],
  )
  if (values.length === 0) return 'no data'
  return values.some(([, value]) => Number.isFinite(Number(value))) ? undefined : 'no number'
}
