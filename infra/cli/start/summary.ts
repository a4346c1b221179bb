import { count, duration, number, percent, typeWidth, words } from '../view/format.ts'
import type { LoadReport, ProducerReport, Report } from './report.ts'
import type { Verdict } from './thresholds.ts'

/** The report of the whole pipeline in a few lines for people, and how to repeat the run. */
export function summaryLines(report: Report): string[] {
  const { injector, scorer, quality, latencyMs } = report
  const width = typeWidth(Object.keys(quality.byType))
  const types = Object.entries(quality.byType).map(
    ([type, { fraud, detected }]) => `  ${words(type).padEnd(width)}${count(detected)} of ${count(fraud)} found`,
  )
  const { velocity, anomaly, fraud } = scorer.alerts
  return [
    ...producerLines(report),
    `Fraud      ${count(injector.fraud)} of ${count(injector.transactions)} transactions, history included`,
    ...types,
    `Alerts     ${count(velocity)} velocity, ${count(anomaly)} anomaly, ${count(fraud)} fraud`,
    `Quality    precision ${percent(quality.precision)}, recall ${percent(quality.recall)}`,
    latencyMs === null
      ? 'Latency    no live alert'
      : `Latency    p50 ${duration(latencyMs.p50)}, p95 ${duration(latencyMs.p95)}, p99 ${duration(latencyMs.p99)}, from the intended moment to the alert`,
    ...lastLines(report),
  ]
}

/** The same of the producer alone. */
export const loadLines = (report: LoadReport): string[] => [...producerLines(report), ...lastLines(report)]

const producerLines = ({ ended, simulated, producer, paceChanges }: LoadReport): string[] => [
  `Ended: ${ended}.`,
  `Simulated  ${simulated.from ?? '–'} to ${simulated.to ?? '–'}`,
  `Payments   ${count(producer.scheduled)} scheduled live, ${count(producer.sent)} sent, ${count(producer.acked)} acked, shortfall ${count(producer.shortfall)}`,
  ackLine(producer),
  ...paceChanges.map(
    ({ order, at, simulated: moment }) => `Control    ${order.padEnd(22)} at ${at}, simulated ${moment}`,
  ),
]

const lastLines = ({ restarts, missing, thresholds, seed, command }: LoadReport): string[] => [
  ...(restarts === 0 ? [] : [`Restarts   ${restarts}`]),
  ...missing.map((line) => `MISSING    ${line}`),
  ...thresholds.map(thresholdLine),
  `Seed       ${seed}`,
  `Again      ${command}`,
]

/** How fast the broker took what the producer had, and how long after the schedule wanted it. */
function ackLine({ ackedPerSecond, ackLatencyMs }: ProducerReport): string {
  if (ackedPerSecond === null) return 'Acked      nothing live'
  const rate = `Acked      ${number(ackedPerSecond)}/s`
  if (ackLatencyMs === null) return `${rate}, without a schedule`
  const { p50, p95, p99, max } = ackLatencyMs
  const after = `p50 ${duration(p50)}, p95 ${duration(p95)}, p99 ${duration(p99)}, longest ${duration(max)}`
  return `${rate}, ${after}, from the intended moment to the commit`
}

function thresholdLine({ threshold, value, unit, met }: Verdict): string {
  const found = value === null ? 'nothing measured' : unit === 'ms' ? duration(value) : `${number(value)} ${unit}`
  return `Threshold  ${threshold.padEnd(22)} ${found.padEnd(18)} ${met ? 'met' : 'MISSED'}`
}

const quoted = (argument: string): string =>
  /^[\w./:=,@%+-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`

/** The command that repeats a run: what was given, and the seed even where it was not. */
export function repeatCommand(args: readonly string[], seed: string): string {
  const seedGiven = args.some((argument) => argument === '--seed' || argument.startsWith('--seed='))
  const all = seedGiven ? args : [...args, '--seed', seed]
  return `npm run rupeestream -- ${all.map(quoted).join(' ')}`
}
