import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { exitCodes } from '../../service/exit-codes.ts'
import { type GlobalOptions, scenarioOf } from '../options.ts'
import { parseFraudRate, parseOutputFile, parsePositive } from '../parse.ts'
import { dayProgress } from '../progress.ts'
import { runCommand } from '../run-command.ts'

interface ScorecardOptions extends GlobalOptions {
  readonly customers?: number
  readonly fraudRate?: number | string
  readonly json?: string
  readonly html?: string
  readonly model?: string
  readonly strict?: true
}

const examples = `
Examples:
  $ npm run scorecard                                       train on three weeks, test on two, in some seven minutes
  $ npm run scorecard -- --seed mine --json out.json        and {seed, prevalence, detectors, bands, ...}
  $ npm run scorecard -- --html out.html                    and a page with curves
  $ npm run scorecard -- --model model.json                 with a model of \`rupeestream train\`, or of LightGBM
                                                            (dump_model) or XGBoost (save_model), as JSON

10,000 customers live seven weeks in memory, with fraud: no Kafka is needed, and the same seed gives the same figures. The
first week warms the scorer up, three are learnt from, one passes until their frauds are reported, the last two are the test.
Each figure comes with its 95 % interval.`

export function addScorecard(program: Command): void {
  program
    .command('scorecard')
    .description('hold detectors against the truth of a simulated stream')
    .option('--customers <n>', 'how many live', parsePositive)
    .option('--fraud-rate <share>', 'share of transactions that are fraud', parseFraudRate)
    .option('--model <file>', 'a model to hold, instead of one trained on the run')
    .option('--json <file>', 'write the figures as JSON', parseOutputFile)
    .option('--html <file>', 'write a page with curves', parseOutputFile)
    .option('--strict', 'exit code 1 when a measured band is missed')
    .addHelpText('after', examples)
    .action((_, command: Command) =>
      runCommand(async () => {
        const { customers, json, html, model, strict, ...options } = command.optsWithGlobals<ScorecardOptions>()
        const { loadModel } = await import('../../scorecard/load-model.ts')
        const { trainModel } = await import('../../scorecard/detectors.ts')
        const { runScored, scorecardSettings, standardPlan } = await import('../../scorecard/run.ts')
        const { scorecardOf } = await import('../../scorecard/report.ts')
        const { scorecardJson, scorecardText } = await import('../../scorecard/print.ts')
        const given = model === undefined ? undefined : loadModel(model)
        const plan = { ...standardPlan, ...(customers && { customers }) }
        const run = runScored(scorecardSettings(scenarioOf(options).settings, plan), plan, dayProgress)
        const card = scorecardOf(run, given ?? trainModel(run))
        process.stdout.write(scorecardText(run, plan, card))
        if (json !== undefined) writeFileSync(json, scorecardJson(run, plan, card))
        if (html !== undefined) {
          const { scorecardPage } = await import('../../scorecard/page.ts')
          writeFileSync(html, scorecardPage(run, plan, card))
        }
        return strict && card.bands.some(({ pass }) => pass === false) ? exitCodes.failure : exitCodes.ok
      }),
    )
}
