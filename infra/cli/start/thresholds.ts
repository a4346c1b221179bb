import { closest } from '#services/spelling.ts'
import { SECOND_MS } from '#services/time.ts'
import { SettingsError } from '../../service/settings-error.ts'
import type { MonitorStatus } from '../../service/status.ts'
import type { ProducerReport } from './report.ts'

/** What thresholds are held against. */
export interface Measured {
  readonly producer: ProducerReport
  /** From the intended moment to the alert; absent where no pipeline runs. */
  readonly latencyMs?: MonitorStatus['latencyMs']
}

type Unit = 'ms' | '%' | '/s' | 'records'
type Operator = '<' | '<=' | '>' | '>='

/** Something that a run must keep, such as ack_p99<50ms. */
export interface Threshold {
  /** As it was given. */
  readonly text: string
  readonly metric: Metric
  readonly operator: Operator
  readonly limit: number
  readonly unit: Unit
}

/** How a run stands to a threshold. */
export interface Verdict {
  readonly threshold: string
  /** In `unit`; null where there was nothing to measure, which is a miss. */
  readonly value: number | null
  readonly unit: Unit
  readonly met: boolean
}

const ack = (of: 'p50' | 'p95' | 'p99' | 'max') => (measured: Measured) => measured.producer.ackLatencyMs?.[of] ?? null
const alert = (of: 'p50' | 'p95' | 'p99') => (measured: Measured) => measured.latencyMs?.[of] ?? null

const readers = {
  ack_p50: ack('p50'),
  ack_p95: ack('p95'),
  ack_p99: ack('p99'),
  ack_max: ack('max'),
  shortfall: shortfallIn,
  acked_rate: ({ producer }: Measured) => producer.ackedPerSecond,
  alert_p50: alert('p50'),
  alert_p95: alert('p95'),
  alert_p99: alert('p99'),
} satisfies Record<string, (measured: Measured, unit: Unit) => number | null>

export type Metric = keyof typeof readers

/** What the producer alone can be held to, and what the whole pipeline can. */
export const loadMetrics: readonly Metric[] = ['ack_p50', 'ack_p95', 'ack_p99', 'ack_max', 'shortfall', 'acked_rate']
export const pipelineMetrics = Object.keys(readers) as Metric[]

/** Units by the end of a metric's name; the first is meant where none is given. */
function unitsOf(metric: Metric): readonly string[] {
  if (metric === 'shortfall') return ['', '%']
  return metric === 'acked_rate' ? ['', '/s'] : ['ms', 's']
}

const examples = 'ack_p99<50ms, shortfall<=0, shortfall<0.5% or acked_rate>=1000'

/** Reads thresholds on these metrics. Throws a SettingsError that names all mistakes at once. */
export function readThresholds(texts: readonly string[], metrics: readonly Metric[]): Threshold[] {
  const mistakes: string[] = []
  const thresholds = texts.flatMap((text) => {
    const read = readThreshold(text, metrics)
    if (typeof read === 'object') return [read]
    mistakes.push(`--threshold: ${read}, came ${JSON.stringify(text)}`)
    return []
  })
  if (mistakes.length > 0) throw new SettingsError('the thresholds', mistakes)
  return thresholds
}

/** The threshold, or what is wrong with it. */
function readThreshold(text: string, metrics: readonly Metric[]): Threshold | string {
  const parts = /^\s*([^\s<>=]+)\s*(<=|>=|<|>)\s*(\d+(?:\.\d+)?)\s*(\S*)\s*$/.exec(text)
  if (parts === null) return `expected a metric, one of < <= > >= and a limit, such as ${examples}`
  const [, name, operator, number, unit] = parts as unknown as [string, string, Operator, string, string]
  const metric = metrics.find((known) => known === name)
  if (metric === undefined) {
    const meant = closest(name, metrics)
    const elsewhere = name in readers ? `; ${name} is measured by \`start\`` : ''
    return `expected one of the metrics ${metrics.join(', ')}${meant ? `; did you mean ${meant}?` : elsewhere}`
  }
  const units = unitsOf(metric)
  if (!units.includes(unit)) return `expected ${metric} in ${inWords(units)}, such as ${examples}`
  const limit = Number(number)
  if (unit === 's') return { text, metric, operator, limit: limit * SECOND_MS, unit: 'ms' }
  return {
    text,
    metric,
    operator,
    limit,
    unit: metric === 'acked_rate' ? '/s' : unit === '' ? 'records' : (unit as Unit),
  }
}

const inWords = (units: readonly string[]): string =>
  units.map((unit) => (unit === '' ? 'a number' : unit === '/s' ? 'a number with /s' : unit)).join(' or ')

function shortfallIn({ producer: { scheduled, shortfall } }: Measured, unit: Unit): number | null {
  if (unit === 'records') return shortfall
  return scheduled === 0 ? null : (shortfall / scheduled) * 100
}

const holds: Readonly<Record<Operator, (value: number, limit: number) => boolean>> = {
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
}

/** Each threshold held against what was measured. */
export const judge = (thresholds: readonly Threshold[], measured: Measured): Verdict[] =>
  thresholds.map(({ text, metric, operator, limit, unit }) => {
    const value = readers[metric](measured, unit)
    return { threshold: text, value, unit, met: value !== null && holds[operator](value, limit) }
  })
