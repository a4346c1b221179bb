import { readFileSync } from 'node:fs'
import { readLightgbm } from '#services/scorer/model/lightgbm.ts'
import { ModelError } from '#services/scorer/model/model-error.ts'
import { type ModelCard, readModel } from '#services/scorer/model/model-file.ts'
import { bindTrees, type Trees } from '#services/scorer/model/trees.ts'
import { readXgboost } from '#services/scorer/model/xgboost.ts'
import { type Scoring, scoringBy, shippedBaselines, shippedScoring, treesForFeatures } from '#services/scorer/score.ts'
import type { Settings } from '#services/settings.ts'
import { SettingsError } from '../service/settings-error.ts'
import { featureNames } from './payments.ts'

/** Trees in the order of the scorer's features, and what is ordinary of each, where the file says so. */
interface Loaded {
  readonly trees: Trees
  readonly baselines: ModelCard['baselines'] | undefined
}

/**
 * Trees for the scorer's features from a file of `rupeestream train`, a dump of LightGBM's or a saved model of XGBoost's.
 * Throws ModelError, which names the file.
 */
export function loadModel(file: string): Trees {
  try {
    return load(file).trees
  } catch (error) {
    throw new ModelError(`${file}: ${(error as Error).message}`)
  }
}

/**
 * What a scenario's payments are scored by: the shipped model, or that of `scorer.model`. Throws SettingsError for a file
 * that cannot be read, or whose model does not fit the list of features: another try would not help.
 */
export function scoringFor({ scorer }: Pick<Settings, 'scorer'>): Scoring {
  if (scorer.model === undefined) return shippedScoring()
  try {
    const { trees, baselines } = load(scorer.model)
    return scoringBy(trees, baselines ?? shippedBaselines())
  } catch (error) {
    throw new SettingsError('the settings', [`scorer.model: ${scorer.model}: ${(error as Error).message}`])
  }
}

function load(file: string): Loaded {
  const { trees, baselines } = modelOf(JSON.parse(readFileSync(file, 'utf8')))
  return { trees: bindTrees(trees, featureNames), baselines }
}

function modelOf(json: unknown): Loaded {
  const isObject = typeof json === 'object' && json !== null
  if (isObject && 'tree_info' in json) return { trees: readLightgbm(json), baselines: undefined }
  if (isObject && 'learner' in json) return { trees: readXgboost(json), baselines: undefined }
  if (!isObject || !('format' in json)) {
    throw new ModelError('expected a model of rupeestream train, of LightGBM (dump_model) or of XGBoost (save_model)')
  }
  const model = readModel(json)
  return { trees: treesForFeatures(model), baselines: model.card.baselines }
}
