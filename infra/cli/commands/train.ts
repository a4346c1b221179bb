import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { exitCodes } from '../../service/exit-codes.ts'
import { type GlobalOptions, scenarioOf } from '../options.ts'
import { parseFraudRate, parseOutputFile, parsePositive } from '../parse.ts'
import { dayProgress } from '../progress.ts'
import { runCommand } from '../run-command.ts'

interface TrainOptions extends GlobalOptions {
  readonly customers?: number
  readonly fraudRate?: number | string
  readonly out: string
}

const examples = `
Examples:
  $ npm run rupeestream -- train --seed mine --out model.json
  $ npm run scorecard -- --seed another --model model.json       how it does on people that it has never seen

10,000 customers live seven weeks in memory, as for the scorecard. 100 boosted trees learn from three weeks' payments and
what had been reported of them a week later. The file has the model, its card (data, cut, how it does in the two weeks after
the cut) and the version of the features that it looks at. The same seed gives the same file.`

export function addTrain(program: Command): void {
  program
    .command('train')
    .description('train a model on a simulated stream and what was reported of it')
    .requiredOption('--out <file>', 'write the model as JSON', parseOutputFile)
    .option('--customers <n>', 'how many live', parsePositive)
    .option('--fraud-rate <share>', 'share of transactions that are fraud', parseFraudRate)
    .addHelpText('after', examples)
    .action((_, command: Command) =>
      runCommand(async () => {
        const { customers, out, ...options } = command.optsWithGlobals<TrainOptions>()
        const { runScored, scorecardSettings, standardPlan } = await import('../../scorecard/run.ts')
        const { trainedModel } = await import('../../scorecard/train.ts')
        const { writeModel } = await import('#services/scorer/model/model-file.ts')
        const plan = { ...standardPlan, ...(customers && { customers }) }
        const run = runScored(scorecardSettings(scenarioOf(options).settings, plan), plan, dayProgress)
        const model = trainedModel(run)
        writeFileSync(out, writeModel(model))
        process.stdout.write(`${out}\n${JSON.stringify(model.card, null, 2)}\n`)
        return exitCodes.ok
      }),
    )
}
