import { closeSync, openSync, writeSync } from 'node:fs'
import { type Command, Option } from 'commander'
import { type ExitCode, exitCodes } from '../../service/exit-codes.ts'
import { type GlobalOptions, type ScenarioOptions, scenarioOf } from '../options.ts'
import { parseFraudRate, parseOutputFile, parsePositive } from '../parse.ts'
import { runCommand } from '../run-command.ts'

interface ExportOptions extends GlobalOptions, Pick<ScenarioOptions, 'customers' | 'fraudRate'> {
  readonly count: number
  readonly format: 'csv' | 'jsonl'
  readonly out: string
}

const examples = `
Examples:
  $ npm run rupeestream -- export -n 100000 --out labelled.csv
  $ npm run rupeestream -- export -n 1000000 --format jsonl --out labelled.jsonl --seed mine

One row a transaction, its label beside it: the 45 fields of a payment and fraud_type, fraud_confidence,
fraud_severity, fraud_reason and fraud_evidence. For files only: on the stream a payment never carries its label. The
scenario's world lives in memory for it, from the beginning of its history; no Kafka is needed.`

export function addExport(program: Command): void {
  program
    .command('export')
    .description('write transactions with their labels to a file')
    .requiredOption('--out <file>', 'where to', parseOutputFile)
    .option('-n, --count <n>', 'about how many', parsePositive, 100_000)
    .addOption(new Option('--format <format>', 'of the file').choices(['csv', 'jsonl']).default('csv'))
    .option('--customers <n>', 'how many customers there are', parsePositive)
    .option('--fraud-rate <share>', 'share of payments, or india-real, card-benchmark, lab', parseFraudRate)
    .addHelpText('after', examples)
    .action((_, command: Command) => runCommand(() => write(command.optsWithGlobals())))
}

/** A file is written in pieces of so many characters. */
const PIECE = 1 << 20

async function write(options: ExportOptions): Promise<ExitCode> {
  const [{ liveThrough }, { csvHead, csvRow, labelledRow }] = await Promise.all([
    import('../../memory/labelled-world.ts'),
    import('../labelled-row.ts'),
  ])
  const { settings } = scenarioOf(options)
  const file = openSync(options.out, 'w')
  const isCsv = options.format === 'csv'
  let piece = ''
  let rows = 0
  try {
    liveThrough(settings, options.count, {
      labelled(tx, truth) {
        const row = labelledRow(tx, truth)
        if (isCsv && rows === 0) piece = csvHead(row)
        piece += isCsv ? csvRow(row) : `${JSON.stringify(row)}\n`
        rows++
        if (piece.length < PIECE) return
        writeSync(file, piece)
        piece = ''
      },
    })
    writeSync(file, piece)
  } finally {
    closeSync(file)
  }
  process.stderr.write(`${rows} transactions in ${options.out}\n`)
  return exitCodes.ok
}
