import { readFileSync } from 'node:fs'
import { readLightgbm } from '#services/scorer/model/lightgbm.ts'
import { ModelError } from '#services/scorer/model/model-error.ts'
import { readModel } from '#services/scorer/model/model-file.ts'
import { bindTrees, type Trees } from '#services/scorer/model/trees.ts'
import { readXgboost } from '#services/scorer/model/xgboost.ts'
import { treesForFeatures } from '#services/scorer/score.ts'
import { featureNames } from './payments.ts'

/**
 * Trees for the scorer's features from a file of `rupeestream train`, a dump of LightGBM's or a saved model of XGBoost's.
 * Throws ModelError, which names the file.
 */
export function loadModel(file: string): Trees {
  try {
    return bindTrees(treesOf(JSON.parse(readFileSync(file, 'utf8'))), featureNames)
  } catch (error) {
    throw new ModelError(`${file}: ${(error as Error).message}`)
  }
}

function treesOf(json: unknown): Trees {
  const isObject = typeof json === 'object' && json !== null
  if (isObject && 'tree_info' in json) return readLightgbm(json)
  if (isObject && 'learner' in json) return readXgboost(json)
  if (!isObject || !('format' in json)) {
    throw new ModelError('expected a model of rupeestream train, of LightGBM (dump_model) or of XGBoost (save_model)')
  }
  return treesForFeatures(readModel(json))
}
