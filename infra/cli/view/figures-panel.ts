import type { Statuses } from '../start/status-board.ts'
import { bar, count, duration, percent, typeWidth, words } from './format.ts'
import { stageLags } from './lags.ts'
import { type Line, type Piece, piece, type Tone } from './text.ts'

const LABEL = 11
const BAR = 20

const labelled = (label: string, ...pieces: Piece[]): Line => [piece(label.padEnd(LABEL), 'dim'), ...pieces]

const figure = (name: string, value: string, tone?: Tone): Piece[] => [
  piece(`${name} `, 'dim'),
  piece(value, tone ?? 'strong'),
  piece('   '),
]

/** The figures of a run, fraud types at the most `typesMax` of them, the most frequent first. */
export function figureLines(statuses: Statuses, typesMax: number): Line[] {
  return [
    paymentLine(statuses),
    fraudLine(statuses),
    ...faultLines(statuses),
    ...typeLines(statuses, typesMax),
    alertLine(statuses),
    severityLine(statuses),
    qualityLine(statuses),
    latencyLine(statuses),
    lagLine(statuses),
  ]
}

function paymentLine({ producer }: Statuses): Line {
  const shortfall = producer?.shortfall ?? 0
  return labelled(
    'Payments',
    ...figure('scheduled', count(producer?.scheduled ?? 0)),
    ...figure('sent', count(producer?.sent ?? 0)),
    ...figure('acked', count(producer?.acked ?? 0)),
    ...figure('shortfall', count(shortfall), shortfall > 0 ? 'bad' : 'good'),
  )
}

function fraudLine({ 'fraud-injector': injector }: Statuses): Line {
  const { transactions = 0, fraud = 0 } = injector ?? {}
  const share = transactions === 0 ? null : fraud / transactions
  const odd = transactions === 0 ? null : (injector?.anomalous ?? 0) / transactions
  return labelled(
    'Fraud',
    ...figure(count(fraud), `of ${count(transactions)} transactions (${percent(share)})`),
    ...figure('anomalous', percent(odd)),
  )
}

/** What befell payments on their way, where anything did. */
function faultLines({ 'fraud-injector': injector }: Statuses): Line[] {
  const faults = Object.entries(injector?.faults ?? {}).filter(([, times]) => times > 0)
  if (faults.length === 0) return []
  return [labelled('Disorder', ...faults.flatMap(([kind, times]) => figure(words(kind), count(times))))]
}

function typeLines({ monitor, 'fraud-injector': injector }: Statuses, typesMax: number): Line[] {
  const injected = Object.entries(injector?.byType ?? {}).filter(([, fraud]) => fraud > 0)
  const shown = injected.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, typesMax)
  const width = typeWidth(shown.map(([type]) => type))
  return shown.map(([type, fraud]) => {
    const seen = monitor?.quality.byType[type as keyof typeof monitor.quality.byType]
    const found = seen === undefined || seen.fraud === 0 ? null : seen.detected / seen.fraud
    return [
      piece(`  ${words(type).padEnd(width)}`),
      piece(count(fraud).padStart(8), 'strong'),
      piece('  found ', 'dim'),
      piece(percent(found).padStart(6), 'strong'),
      piece(`  ${bar(found ?? 0, BAR)}`, 'dim'),
    ]
  })
}

function alertLine({ scorer }: Statuses): Line {
  const { velocity = 0, anomaly = 0, fraud = 0 } = scorer?.alerts ?? {}
  return labelled(
    'Alerts',
    ...figure('velocity', count(velocity)),
    ...figure('anomaly', count(anomaly)),
    ...figure('fraud', count(fraud)),
  )
}

function severityLine({ monitor }: Statuses): Line {
  const by = monitor?.alertsBySeverity ?? {}
  return labelled(
    'Severity',
    ...figure('critical', count(by.CRITICAL ?? 0), 'bad'),
    ...figure('high', count(by.HIGH ?? 0), 'warn'),
    ...figure('medium', count(by.MEDIUM ?? 0)),
    ...figure('low', count(by.LOW ?? 0)),
  )
}

function qualityLine({ monitor }: Statuses): Line {
  const { precision, recall, medianTimeToDetectMs } = monitor?.quality ?? {}
  const ms = medianTimeToDetectMs ?? null
  return labelled(
    'Quality',
    ...figure('precision', percent(precision)),
    ...figure('recall', percent(recall)),
    ...figure('found after', ms === null ? '–' : ms === 0 ? 'the first payment' : duration(ms)),
  )
}

function latencyLine({ monitor }: Statuses): Line {
  const latency = monitor?.latencyMs ?? null
  if (latency === null) return labelled('Latency', piece('– no live alert yet', 'dim'))
  return labelled(
    'Latency',
    ...figure('p50', duration(latency.p50)),
    ...figure('p95', duration(latency.p95)),
    ...figure('p99', duration(latency.p99), latency.p99 >= 1_000 ? 'warn' : 'good'),
  )
}

function lagLine(statuses: Statuses): Line {
  const lags = stageLags(statuses)
  return labelled(
    'Lag',
    ...figure('injector', count(lags.injector)),
    ...figure('scorer', count(lags.scorer)),
    ...figure('monitor', count(lags.monitor)),
  )
}
