import type { Command } from 'commander'
import { exitCodes } from '../../service/exit-codes.ts'
import type { GlobalOptions } from '../options.ts'
import { parsePositive } from '../parse.ts'
import { runCommand } from '../run-command.ts'

interface LedgerOptions extends GlobalOptions {
  readonly records: number
  readonly customers?: number
}

const RECORDS = 1_000_000
const TOLD_EVERY = 100_000

const examples = `
Examples:
  $ npm run ledger-check                                       a million transactions
  $ npm run ledger-check -- --records 5000000 --seed mine

Genuine customers live in memory: no Kafka is needed. The check sees nothing but their transactions, one by one: that
statements add up, balances stay above zero, utilisation follows from the limit, refunds name what they refund, limits
hold, who pays has proved it, and nobody is in two places at once. Exit code 1 when one of these is broken.`

export function addLedger(program: Command): void {
  program
    .command('ledger')
    .description('hold simulated transactions to the rules of a ledger')
    .option('--records <n>', 'how many transactions', parsePositive, RECORDS)
    .option('--customers <n>', 'how many live', parsePositive)
    .addHelpText('after', examples)
    .action((_, command: Command) =>
      runCommand(async () => {
        const { seed, records, customers } = command.optsWithGlobals<LedgerOptions>()
        const { checkWorld, ledgerSettings, ledgerTable } = await import('../../ledger/run.ts')
        const settings = ledgerSettings(seed, customers)
        const check = checkWorld(settings, records, (record) => progress(record, records))
        process.stdout.write(ledgerTable(settings, check))
        return check.violations > 0 ? exitCodes.failure : exitCodes.ok
      }),
    )
}

/** On a terminal how many are checked; elsewhere nothing, for the table follows within minutes. */
function progress(record: number, records: number): void {
  if (record % TOLD_EVERY !== 0 && record !== records) return
  if (process.stderr.isTTY) process.stderr.write(record === records ? '\r\x1b[K' : `\r${record} of ${records}`)
}
