import type { FraudStatistics } from './report.ts'
import { type Held, type Share, TOLERANCE } from './shares.ts'

const number = (n: number): string => Math.round(n).toLocaleString('en-IN')
const percent = (share: number): string => `${(100 * share).toFixed(share !== 0 && Math.abs(share) < 0.01 ? 4 : 1)} %`

const heldBy: Readonly<Record<Held, string>> = {
  TOLERANCE: 'to 5 %',
  BINOMIAL: 'by chance',
  CAMPAIGNS: 'by campaigns',
}
const verdict = ({ held }: Share): string => (held === null ? 'MISSED' : heldBy[held])
/** The widest of a share's bounds. */
const allowed = ({ wanted, binomial, campaigns }: Share): [number, number] => [
  Math.min(wanted * (1 - TOLERANCE), binomial[0], campaigns[0]),
  Math.max(wanted * (1 + TOLERANCE), binomial[1], campaigns[1]),
]
const between = ([from, to]: readonly [number, number]): string => `${percent(from)} to ${percent(to)}`

/** To four digits, where the twentieth part of a small share tells. */
const fine = (share: number): string => `${Number((100 * share).toPrecision(4))} %`

function rateLines(share: Share): string[] {
  const { wanted, realised, off, held, binomial, campaigns } = share
  const range = ([from, to]: readonly [number, number]): string => `${fine(from)} to ${fine(to)}`
  return [
    `Share of fraud: ${fine(realised)} of ${fine(wanted)} wanted, ${off >= 0 ? '+' : ''}${percent(off)}: ${held === null ? '' : 'holds '}${verdict(share)}`,
    `  in 99 of 100 runs ${range(binomial)} if frauds came one by one, ${range(campaigns)} in whole campaigns`,
  ]
}

const legend = [
  'A share holds to 5 % of what was wanted; or by chance, as 999 of 1,000 runs would if frauds came one by one; or by',
  'campaigns, as they would in whole campaigns, where one more or less is many frauds.',
]

const section = (title: string, lines: readonly string[]): string[] => (lines.length === 0 ? [] : ['', title, ...lines])

/** For people. */
export function fraudText(report: FraudStatistics): string {
  const { seed, customers, transactions, from, to, rate, types, reports } = report
  const header = [
    'type',
    'campaigns',
    'frauds',
    'of frauds',
    'wanted',
    'allowed',
    'holds',
    'minutes',
    'lost ₹',
    'back ₹',
    'twins',
    'rings',
  ]
  const rows = types
    .filter((line) => line.campaigns > 0 || line.shareOfFraud.wanted > 0)
    .map((line) => [
      line.type,
      number(line.campaigns),
      number(line.transactions),
      percent(line.shareOfFraud.realised),
      percent(line.shareOfFraud.wanted),
      between(allowed(line.shareOfFraud)),
      verdict(line.shareOfFraud),
      number(line.medianMinutes),
      number(line.lossRupees),
      number(line.recoveredRupees),
      number(line.twins),
      line.rings === 0 ? '' : `${number(line.rings)}, up to ${number(line.ringMax)}`,
    ])
  const widths = header.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i]!.length)))
  const line = (cells: readonly string[]): string =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  ')
  const pairs = (counts: Readonly<Record<string, number>>): string[] =>
    Object.entries(counts).map(([name, count]) => `  ${name.padEnd(36)} ${number(count).padStart(12)}`)
  return `${[
    `${number(customers)} customers, ${number(transactions)} transactions, ${from.slice(0, 10)} to ${to.slice(0, 10)}, seed ${seed}`,
    ...rateLines(rate),
    '',
    line(header),
    ...rows.map(line),
    ...legend,
    ...section('Severity, frauds', pairs(report.severities)),
    ...section('Phases, frauds', pairs(report.phases)),
    ...section('Combinations, campaigns', pairs(report.combinations)),
    ...section(
      'Customers with two types, most frequent pairs',
      report.coOccurrence.slice(0, 10).map(({ types, customers }) => `  ${types.padEnd(48)} ${number(customers)}`),
    ),
    ...section(
      'Hours with far more fraud than usual',
      report.clusters
        .slice(0, 10)
        .map(
          ({ type, hour, frauds, ordinary }) =>
            `  ${hour.slice(0, 13)}h UTC  ${type.padEnd(24)} ${frauds}, ordinarily ${ordinary}`,
        ),
    ),
    ...section('Anomalies, transactions', pairs(report.anomalies)),
    ...section('Reports', pairs(reports)),
  ].join('\n')}\n`
}
