import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import type { BandResult } from '../../fidelity/report.ts'
import { exitCodes } from '../../service/exit-codes.ts'
import { type GlobalOptions, scenarioOf } from '../options.ts'
import { parseOutputFile, parsePositive } from '../parse.ts'
import { runCommand } from '../run-command.ts'

interface FidelityOptions extends GlobalOptions {
  readonly customers?: number
  readonly days?: number
  readonly json?: string
  readonly html?: string
  readonly strict?: true
}

const examples = `
Examples:
  $ npm run fidelity                                      the table
  $ npm run fidelity -- --seed diwali --json out.json     and {seed, bands: [{name, target, source, value, pass}], documents}
  $ npm run fidelity -- --html out.html                   and a page with plots
  $ npm run fidelity -- --strict                          exit code 1 when a target is missed

20,000 genuine customers live 60 days in memory, from the middle of September 2025 past Diwali: no Kafka is needed, and
the same seed gives the same figures. Of a scenario its seed and its population count, but for their number. Fewer
customers or days are quicker, and say less.`

export function addFidelity(program: Command): void {
  program
    .command('fidelity')
    .description('hold simulated behaviour against what is known of Indian retail payments')
    .option('--customers <n>', 'how many live', parsePositive)
    .option('--days <n>', 'how long, up to the middle of November 2025', parsePositive)
    .option('--json <file>', 'write the figures as JSON', parseOutputFile)
    .option('--html <file>', 'write a page with plots', parseOutputFile)
    .option('--strict', 'exit code 1 when a target is missed')
    .addHelpText('after', examples)
    .action((_, command: Command) =>
      runCommand(async () => {
        const { customers, days, json, html, strict, ...options } = command.optsWithGlobals<FidelityOptions>()
        const { fidelitySettings, judge, observe } = await import('../../fidelity/report.ts')
        const { compare } = await import('../../fidelity/documents.ts')
        const { bandTable, documentTable, resultJson } = await import('../../fidelity/print.ts')
        const settings = fidelitySettings(scenarioOf(options).settings, customers, days)
        const seen = observe(settings, progress)
        const results = judge(seen)
        const documents = compare(seen)
        process.stdout.write(bandTable(settings, seen.payments.length, results) + documentTable(documents))
        if (json !== undefined) writeFileSync(json, resultJson(settings, results, documents))
        if (html !== undefined) {
          const { fidelityPage } = await import('../../fidelity/page.ts')
          writeFileSync(html, fidelityPage(settings, seen, results, documents))
        }
        return strict && results.some(({ pass }: BandResult) => !pass) ? exitCodes.failure : exitCodes.ok
      }),
    )
}

/** On a terminal the day that is being lived; elsewhere nothing, for the table follows within minutes. */
function progress(day: number, days: number): void {
  if (process.stderr.isTTY) process.stderr.write(day === days - 1 ? '\r\x1b[K' : `\rday ${day} of ${days}`)
}
