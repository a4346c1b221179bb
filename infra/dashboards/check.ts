import type { CataloguedMetric } from '../observability/catalogue.ts'
import { COLUMNS } from './layout.ts'

/** A dashboard as its JSON has it, as far as it is looked at here. */
export interface DashboardFile {
  readonly uid: string
  readonly title: string
  readonly panels: readonly PanelFile[]
}

export interface PanelFile {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly description?: string
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } }
  readonly targets: readonly TargetFile[]
}

export interface TargetFile {
  readonly refId: string
  readonly datasource: { readonly type: string; readonly uid: string }
  /** PromQL. */
  readonly expr?: string
  readonly instant?: boolean
  readonly rawSql?: string
}

/** Words of PromQL that look like names of metrics. */
const keywords = new Set(['and', 'or', 'unless', 'bool', 'offset', 'by', 'without'])

const isHistogramPart = /_(bucket|sum|count)$/

const withoutPart = (name: string): string => name.replace(isHistogramPart, '')

const grouping = /\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)/g

/** The metrics that a query reads, without _bucket, _sum and _count of histograms. */
export function metricNamesOf(expression: string): string[] {
  const bare = expression
    .replaceAll(/"[^"]*"/g, '')
    .replaceAll(/\{[^}]*\}/g, ' ')
    .replaceAll(/\[[^\]]*\]/g, ' ')
    .replaceAll(grouping, ' ')
  const names = [...bare.matchAll(/\b[a-zA-Z_:][\w:]*(?![\w:]*\s*\()/g)].map(([name]) => withoutPart(name))
  return [...new Set(names.filter((name) => !keywords.has(name)))]
}

/** The labels that a query selects or groups by. */
export function labelsOf(expression: string): string[] {
  const selected = [...expression.matchAll(/\{([^}]*)\}/g)].flatMap(([, inner = '']) =>
    [...inner.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"/g)].map(([, label = '']) => label),
  )
  const grouped = [...expression.matchAll(grouping)].flatMap(([, inner = '']) => inner.split(','))
  return [...new Set([...selected, ...grouped].map((label) => label.trim()).filter((label) => label !== ''))]
}

/** What Prometheus adds itself. */
const scraped: readonly string[] = ['job', 'instance']
const builtIn: Readonly<Record<string, readonly string[]>> = {
  up: [],
  ALERTS: ['alertname', 'alertstate', 'group', 'severity'],
}

/** Panels that say what they show in words or rows need no unit. */
const withoutUnit: readonly string[] = ['table']

/** What is wrong with a dashboard, a sentence each, by what can be said without a Grafana. */
export function mistakesOf(dashboard: DashboardFile, metrics: readonly CataloguedMetric[]): string[] {
  const known = new Map(metrics.map((metric) => [metric.name, metric]))
  const mistakes = layoutMistakes(dashboard)
  for (const panel of dashboard.panels) {
    const say = (text: string) => mistakes.push(`${dashboard.title} / ${panel.title}: ${text}`)
    if (!/^[\s\S]{20,}\.$/.test(panel.description ?? '')) say('has no description that is a sentence')
    if (!withoutUnit.includes(panel.type) && !panel.fieldConfig?.defaults.unit) say('has no unit')
    if (panel.targets.length === 0) say('has no query')
    const refIds = panel.targets.map(({ refId }) => refId)
    if (new Set(refIds).size !== refIds.length) say('has two queries of one name')
    for (const { expr } of panel.targets)
      if (expr !== undefined) for (const text of queryMistakes(expr, known)) say(text)
  }
  return mistakes
}

function layoutMistakes({ uid, title, panels }: DashboardFile): string[] {
  const mistakes: string[] = []
  if (!/^[a-z-]{3,40}$/.test(uid)) mistakes.push(`${title}: has no uid`)
  const ids = panels.map(({ id }) => id)
  if (new Set(ids).size !== ids.length || ids.some((id) => !(id > 0)))
    mistakes.push(`${title}: panels without an id of their own`)
  for (const [i, { title: name, gridPos: a }] of panels.entries()) {
    if (a.x < 0 || a.x + a.w > COLUMNS || a.w < 1 || a.h < 2)
      mistakes.push(`${title} / ${name}: is not within the grid`)
    for (const { title: other, gridPos: b } of panels.slice(i + 1)) {
      const meets = a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h
      if (meets) mistakes.push(`${title} / ${name}: overlaps ${other}`)
    }
  }
  return mistakes
}

function queryMistakes(expr: string, known: ReadonlyMap<string, CataloguedMetric>): string[] {
  const names = metricNamesOf(expr)
  const unknown = names.filter((name) => !known.has(name) && !(name in builtIn))
  const labels = new Set(scraped)
  for (const name of names) {
    for (const label of known.get(name)?.labels.keys() ?? builtIn[name] ?? []) labels.add(label)
    if (known.get(name)?.type === 'histogram') labels.add('le')
  }
  return [
    ...unknown.map((name) => `there is no metric ${name}`),
    ...labelsOf(expr)
      .filter((label) => !labels.has(label))
      .map((label) => `none of its metrics has a label ${label}`),
  ]
}
