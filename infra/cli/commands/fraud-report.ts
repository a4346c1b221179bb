import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { type ExitCode, exitCodes } from '../../service/exit-codes.ts'
import { type GlobalOptions, type ScenarioOptions, scenarioOf } from '../options.ts'
import { parseFraudRate, parseOutputFile, parsePositive } from '../parse.ts'
import { runCommand } from '../run-command.ts'

interface ReportOptions extends GlobalOptions, ScenarioOptions {
  readonly records: number
  readonly json?: string
  readonly graphml?: string
}

const RECORDS = 1_000_000
const TOLD_EVERY = 50_000

const examples = `
Examples:
  $ npm run fraud-report                                     a million transactions of the default scenario
  $ npm run fraud-report -- --seed mine --records 5000000 --json fraud.json --graphml rings.graphml
  $ npm run fraud-report -- --fraud-rate card-benchmark --customers 50000

The scenario's world lives in memory, with fraud: no Kafka is needed. Told are, by type, campaigns, frauds and their
share against the one that was asked for, money lost and recovered, twins, rings; severities, phases, combinations, which
types meet in one customer, hours with clusters of fraud, anomalies and reports. The graph has customers and what they
share with others of their ring; Gephi, yEd and NetworkX read it. Exit code 1 when the share of fraud, or of a type, is
missed by more than 5 %, and by more than chance allows frauds that come one by one, or in whole campaigns.`

export function addFraudReport(program: Command): void {
  program
    .command('fraud-report')
    .description('count the frauds of a scenario: types, rates, rings, money')
    .option('--records <n>', 'how many transactions', parsePositive, RECORDS)
    .option('--customers <n>', 'how many live', parsePositive)
    .option('--fraud-rate <share>', 'share of payments, or india-real, card-benchmark, lab', parseFraudRate)
    .option('--json <file>', 'the report, for machines', parseOutputFile)
    .option('--graphml <file>', 'rings as a graph', parseOutputFile)
    .addHelpText('after', examples)
    .action((_, command: Command) => runCommand(() => report(command.optsWithGlobals())))
}

async function report(options: ReportOptions): Promise<ExitCode> {
  const { settings } = scenarioOf(options)
  const [{ observeWorld }, { statistics }, { fraudText }, { graphMl }] = await Promise.all([
    import('../../fraud-report/run.ts'),
    import('../../fraud-report/report.ts'),
    import('../../fraud-report/print.ts'),
    import('../../fraud-report/graph.ts'),
  ])
  const seen = observeWorld(settings, options.records, ({ transactions, fraud, campaigns }) => {
    if (!process.stderr.isTTY || transactions % TOLD_EVERY !== 0) return
    process.stderr.write(`\r\x1b[K${transactions} transactions, ${fraud} frauds, ${campaigns.size} campaigns and twins`)
  })
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
  const result = statistics(settings, seen)
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(result, null, 2)}\n`)
  if (options.graphml !== undefined) writeFileSync(options.graphml, graphMl(seen))
  process.stdout.write(fraudText(result))
  return result.sharesHold ? exitCodes.ok : exitCodes.failure
}
