import { describe, expect, test } from 'vitest'
import { scoreLimits, withScoreLimits } from '#infra/scorecard/score-limits.ts'
import { decodeFeatures, encodeFeatures, featureList, featureListVersion } from '#services/scorer/features.ts'
import { type Model, readModel } from '#services/scorer/model/model-file.ts'
import { probability } from '#services/scorer/model/trees.ts'
import { operandIndex, operands } from '#services/scorer/operands.ts'
import rules from '#services/scorer/rules.json' with { type: 'json' }
import { scoringOf, shippedScoring, treesForFeatures, withoutModel } from '#services/scorer/score.ts'
import shipped from '#services/scorer/score-model.json' with { type: 'json' }

const model = readModel(shipped)

/** Every feature as it is for genuine payments in the middle, but for those given. */
function values(given: Record<string, number> = {}): Float64Array {
  const filled = new Float64Array(operands.length)
  for (const [i, { name }] of featureList.entries()) filled[i] = given[name] ?? model.card.baselines[name]!
  return filled
}

const takenOver = values({
  is_new_device: 1,
  ix_new_device_payee: 1,
  is_new_counterparty: 1,
  amount_zscore_30d: 3.2,
  amount_ratio_p95_30d: 6,
  amount_sum_1h: 3_000_000,
  txn_count_1h: 8,
})

/** One split: above `limit` of a feature the log-odds are 2, else -2; baselines of 0. */
function stump(feature: string, limit: number): Model {
  const names = featureList.map(({ name }) => name)
  return {
    card: { ...model.card, baselines: Object.fromEntries(names.map((name) => [name, 0])) },
    trees: {
      names,
      base: 0,
      slope: 1,
      roots: Int32Array.of(0),
      feature: Int32Array.of(names.indexOf(feature), -1, -1),
      value: Float64Array.of(limit, -2, 2),
      left: Int32Array.of(1, 0, 0),
      right: Int32Array.of(2, 0, 0),
      missing: Uint8Array.of(0, 0, 0),
      cover: Float64Array.of(10, 9, 1),
    },
  }
}

describe('the shipped model', () => {
  test('knows the present list of features, and was trained on a seed of its own', () => {
    expect(model.card.featureListVersion).toBe(featureListVersion)
    expect(model.card.data.seed).toBe('shipped')
    expect(model.trees.roots.length).toBe(100)
  })

  test('scores what is suspicious higher than what is ordinary', () => {
    const { score } = shippedScoring()
    expect(score(values())).toBeLessThan(0.01)
    expect(score(takenOver)).toBeGreaterThan(10 * score(values()))
  })

  test('scores by what the features topic carries', () => {
    const trees = treesForFeatures(model)
    const row = Float32Array.from(decodeFeatures(encodeFeatures(takenOver)).values())
    expect(shippedScoring().score(takenOver)).toBe(probability(trees, row))
  })

  test('has a version that follows from its trees', () => {
    const { trees } = model
    const other = { ...model, trees: { ...trees, value: trees.value.map((value) => value + 1e-9) } }
    expect(shippedScoring().version).toMatch(/^trees-[0-9a-f]{8}$/)
    expect(scoringOf(readModel(shipped)).version).toBe(shippedScoring().version)
    expect(scoringOf(other).version).not.toBe(shippedScoring().version)
  })
})

test('a model of another list of features, or without a baseline, is refused in words', () => {
  const old = { ...model, card: { ...model.card, featureListVersion: 1 } }
  expect(() => scoringOf(old)).toThrow(
    `the model was trained on version 1 of the feature list, this is version ${featureListVersion}: train it again`,
  )
  const { txn_count_1h: _, ...others } = model.card.baselines
  expect(() => scoringOf({ ...model, card: { ...model.card, baselines: others } })).toThrow(
    'card.baselines: expected a number for txn_count_1h, came nothing',
  )
})

describe('an explanation', () => {
  test('has value, baseline and share of what speaks for fraud, in words', () => {
    const { reasons, shares } = scoringOf(stump('txn_count_1h', 4)).explain(values({ txn_count_1h: 7 }))
    expect(reasons).toEqual([
      {
        feature: 'txn_count_1h',
        value: 7,
        baseline: 0,
        contribution: 1,
        text: '7 payments within an hour (ordinary: 0), 100 % of the score',
      },
    ])
    expect(shares[operandIndex('txn_count_1h')!]).toBe(1)
  })

  test('leaves out what speaks against fraud', () => {
    const { reasons, shares } = scoringOf(stump('txn_count_1h', 4)).explain(values({ txn_count_1h: 2 }))
    expect(reasons).toEqual([])
    expect(Math.max(...shares)).toBe(0)
  })

  test('of the shipped model has three reasons, the largest first, and shares that add up to 1', () => {
    const { reasons, shares } = shippedScoring().explain(takenOver)
    const parts = reasons.map(({ contribution }) => contribution)
    expect(parts).toHaveLength(3)
    expect(parts).toEqual(parts.toSorted((a, b) => b - a))
    expect(parts[0]).toBe(Math.max(...shares))
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9)
  })

  test('says of what is not known that it is unknown', () => {
    const { reasons } = scoringOf(stump('distance_from_home_km', -2)).explain(values({ distance_from_home_km: -1 }))
    expect(reasons[0]!.text).toBe('km from home: unknown (ordinary: 0), 100 % of the score')
  })
})

test('without a model every payment scores 0, for no reason', () => {
  expect(withoutModel.score(takenOver)).toBe(0)
  expect(withoutModel.explain(takenOver).reasons).toEqual([])
})

test('the rules on the score have the limits of the card', () => {
  expect(JSON.parse(withScoreLimits(model.card))).toEqual(rules)
  for (const [id, share] of Object.entries(scoreLimits)) {
    const { when } = rules.find(({ rule_id }) => rule_id === id)!
    const { score } = model.card.thresholds.find(({ falseAlarms }) => falseAlarms === share)!
    expect(when.children).toMatchObject([{ feature: 'score', op: 'GTE', value: score }])
  }
  const lacking = { ...model.card, thresholds: [] }
  expect(() => withScoreLimits(lacking)).toThrow("the model's card has no score for high-score, which wants 0.001")
})
