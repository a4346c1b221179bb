import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { sampleRecords } from '#infra/memory/pipeline.ts'
import { scoringFor } from '#infra/scorecard/load-model.ts'
import { SettingsError } from '#infra/service/settings-error.ts'
import type { Score } from '#schemas/types.ts'
import { featureList } from '#services/scorer/features.ts'
import { readModel, writeModel } from '#services/scorer/model/model-file.ts'
import { operands } from '#services/scorer/operands.ts'
import { shippedScoring } from '#services/scorer/score.ts'
import file from '#services/scorer/score-model.json' with { type: 'json' }
import { settingsSchema } from '#services/settings.ts'
import { treeFixture } from '../scorer/model/fixtures.ts'

const folder = mkdtempSync(join(tmpdir(), 'scoring-'))
afterAll(() => rmSync(folder, { recursive: true }))

function saved(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const settingsWith = (model: string) => settingsSchema.parse({ population: { customers: 20 }, scorer: { model } })

const scoringOf = (model: string) => scoringFor(settingsWith(model))

const shipped = readModel(file)
const names = featureList.map(({ name }) => name)

/** One split: a new device is suspicious. */
const lightgbm = (feature_names: readonly string[]): string =>
  JSON.stringify({
    num_class: 1,
    num_tree_per_iteration: 1,
    objective: 'binary sigmoid:1',
    average_output: false,
    feature_names,
    tree_info: [
      {
        tree_structure: {
          split_feature: feature_names.indexOf('is_new_device'),
          threshold: 0.5,
          decision_type: '<=',
          default_left: true,
          missing_type: 'None',
          internal_count: 10,
          left_child: { leaf_value: -3, leaf_count: 9 },
          right_child: { leaf_value: 3, leaf_count: 1 },
        },
      },
    ],
  })

function valuesWith(given: Readonly<Record<string, number>>): Float64Array {
  const values = new Float64Array(operands.length)
  for (const [i, name] of names.entries()) values[i] = given[name] ?? shipped.card.baselines[name]!
  return values
}

describe('scorer.model', () => {
  test('absent, is the shipped one', () => {
    expect(scoringFor(settingsSchema.parse({}))).toBe(shippedScoring())
  })

  test('takes a file of train: the same trees are the same version and the same scores', () => {
    const scoring = scoringOf(saved('ours.json', writeModel(shipped)))
    expect(scoring.version).toBe(shippedScoring().version)
    const values = valuesWith({ is_new_device: 1, txn_count_1h: 9 })
    expect(scoring.score(values)).toBe(shippedScoring().score(values))
  })

  test('takes a dump of LightGBM, whose reasons have the ordinary values of the shipped model', () => {
    const scoring = scoringOf(saved('lightgbm.json', lightgbm(['is_new_device', 'txn_count_1h'])))
    expect(scoring.version).not.toBe(shippedScoring().version)
    const suspicious = valuesWith({ is_new_device: 1 })
    expect(scoring.score(suspicious)).toBeCloseTo(1 / (1 + Math.exp(-3)), 12)
    expect(scoring.score(valuesWith({ is_new_device: 0 }))).toBeCloseTo(1 / (1 + Math.exp(3)), 12)
    const [reason] = scoring.explain(suspicious).reasons
    expect(reason).toMatchObject({ feature: 'is_new_device', baseline: shipped.card.baselines.is_new_device })
  })

  test('scores the stream', () => {
    const model = saved('stream.json', lightgbm(['is_new_device']))
    const { value } = sampleRecords(settingsWith(model), 'scores').next().value!
    expect((value as Score).model_version).toBe(scoringOf(model).version)
  })

  const { card } = shipped
  test.each([
    ['nowhere.json', undefined, 'no such file'],
    ['text.json', 'trees', 'not valid JSON'],
    ['other.json', '{}', 'expected a model of rupeestream train, of LightGBM (dump_model) or of XGBoost (save_model)'],
    ['renamed.json', lightgbm(['is_new_device', 'colour_of_eyes']), 'the model looks at colour_of_eyes'],
    ['xgboost.json', JSON.stringify(treeFixture('xgboost').model), 'which is none of the'],
    [
      'old.json',
      writeModel({ ...shipped, card: { ...card, featureListVersion: 0 } }),
      'the model was trained on version 0 of the feature list',
    ],
    ['bare.json', writeModel({ ...shipped, card: { ...card, baselines: {} } }), 'card.baselines: expected a number'],
  ])('%s that does not fit is a mistake in the settings that names the file', (name, text, why) => {
    const model = text === undefined ? join(folder, name) : saved(name, text)
    expect(() => scoringOf(model)).toThrow(SettingsError)
    expect(() => scoringOf(model)).toThrow(why)
    expect(() => scoringOf(model)).toThrow(`scorer.model: ${model}: `)
  })
})
