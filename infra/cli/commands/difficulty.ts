import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { exitCodes } from '../../service/exit-codes.ts'
import { type GlobalOptions, scenarioOf } from '../options.ts'
import { parseFraudRate, parseOutputFile, parsePositive } from '../parse.ts'
import { runCommand } from '../run-command.ts'

interface DifficultyOptions extends GlobalOptions {
  readonly seeds: readonly string[]
  readonly customers?: number
  readonly fraudRate?: number | string
  readonly json?: string
}

const examples = `
Examples:
  $ npm run rupeestream -- difficulty                            three seeds, 8,000 customers each: most of an hour
  $ npm run rupeestream -- difficulty --seeds a,b --customers 4000 --fraud-rate 0.03

Worlds as for the scorecard but of five weeks, at five settings of fraud.difficulty. The same model is trained and tested on each: its
average precision has to fall as the dial rises. Exit code 1 when, in the mean over the seeds, it does not.`

export function addDifficulty(program: Command): void {
  program
    .command('difficulty')
    .description('measure how the dial of difficulty moves a fixed detector')
    .option('--seeds <list>', 'with commas between', (text: string) => text.split(','), ['a', 'b', 'c'])
    .option('--customers <n>', 'how many live', parsePositive)
    .option('--fraud-rate <share>', 'share of transactions that are fraud', parseFraudRate)
    .option('--json <file>', 'write the figures as JSON', parseOutputFile)
    .addHelpText('after', examples)
    .action((_, command: Command) =>
      runCommand(async () => {
        const { seeds, customers, json, ...options } = command.optsWithGlobals<DifficultyOptions>()
        const { difficultyPlan, difficultyText, falls, measureDifficulty } = await import(
          '../../scorecard/difficulty.ts'
        )
        const plan = { ...difficultyPlan, ...(customers && { customers }) }
        const results = []
        for (const result of measureDifficulty(scenarioOf(options).settings, seeds, plan)) {
          results.push(result)
          const { seed, difficulty, model } = result
          process.stderr.write(`seed ${seed}, ${difficulty}: average precision ${model.averagePrecision.toFixed(3)}\n`)
        }
        process.stdout.write(difficultyText(results, seeds))
        if (json !== undefined) writeFileSync(json, `${JSON.stringify({ plan, results }, null, 2)}\n`)
        return falls(results) ? exitCodes.ok : exitCodes.failure
      }),
    )
}
