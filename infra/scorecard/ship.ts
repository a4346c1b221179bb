// Trains the model that the scorer is shipped with, and sets the limits of the rules that look at its score.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeModel } from '#services/scorer/model/model-file.ts'
import { settingsSchema } from '#services/settings.ts'
import { tool } from '../cli/tool.ts'
import { runScored, scorecardSettings, standardPlan } from './run.ts'
import { withScoreLimits } from './score-limits.ts'
import { trainedModel } from './train.ts'

/** A seed that no test and no bench uses. */
const SEED = 'shipped'

tool(
  'train-shipped',
  'trains the model that the scorer is shipped with: writes score-model.json, and the limits in rules.json, in services/scorer',
).parse()

const folder = join(import.meta.dirname, '../../services/scorer')

const run = runScored(
  scorecardSettings(settingsSchema.parse({ seed: SEED }), standardPlan),
  standardPlan,
  (day, days) => process.stderr.write(`\rday ${day} of ${days}${day === days ? '\n' : ''}`),
)
const model = trainedModel(run)
writeFileSync(join(folder, 'score-model.json'), writeModel(model))
writeFileSync(join(folder, 'rules.json'), withScoreLimits(model.card))
process.stdout.write(`${JSON.stringify(model.card.metrics)}\n${JSON.stringify(model.card.thresholds)}\n`)
