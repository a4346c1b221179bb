import type { FraudStatistics, Share } from './report.ts'

const number = (n: number): string => Math.round(n).toLocaleString('en-IN')
const percent = (share: number): string => `${(100 * share).toFixed(share !== 0 && Math.abs(share) < 0.01 ? 4 : 1)} %`

const shareText = ({ wanted, realised, off, holds }: Share): string =>
  `${percent(realised)} of ${percent(wanted)} wanted, ${off >= 0 ? '+' : ''}${percent(off)}: ${holds ? 'holds' : 'MISSED'}`

const section = (title: string, lines: readonly string[]): string[] => (lines.length === 0 ? [] : ['', title, ...lines])

/** For people. */
export function fraudText(report: FraudStatistics): string {
  const { seed, customers, transactions, from, to, rate, types, reports } = report
  const header = ['type', 'campaigns', 'frauds', 'of frauds', 'wanted', 'minutes', 'lost ₹', 'back ₹', 'twins', 'rings']
  const rows = types
    .filter((line) => line.campaigns > 0 || line.shareOfFraud.wanted > 0)
    .map((line) => [
      line.type,
      number(line.campaigns),
      number(line.transactions),
      percent(line.shareOfFraud.realised),
      percent(line.shareOfFraud.wanted),
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
    `Share of fraud: ${shareText(rate)}`,
    '',
    line(header),
    ...rows.map(line),
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
