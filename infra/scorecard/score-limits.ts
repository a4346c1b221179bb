import type { Condition, Rule } from '#schemas/types.ts'
import type { ModelCard } from '#services/scorer/model/model-file.ts'
import shipped from '#services/scorer/rules.json' with { type: 'json' }

/** The share of genuine payments that each shipped rule on the score may disturb, by rule_id. C, within what a desk could look at. */
export const scoreLimits: Readonly<Record<string, number>> = { 'high-score': 0.001, 'raised-score': 0.005 }

/** The shipped rules, a line each, with the scores of a model's card as limits. Throws RangeError where the card lacks a share. */
export function withScoreLimits(card: ModelCard): string {
  const rules = (shipped as unknown as Rule[]).map((rule) => ({
    ...rule,
    when: limited(rule.when, rule.rule_id, card),
  }))
  return `[\n${rules.map((rule) => `  ${JSON.stringify(rule)}`).join(',\n')}\n]\n`
}

function limited(condition: Condition, ruleId: string, card: ModelCard): Condition {
  const children = condition.children.map((child) => limited(child, ruleId, card))
  return { ...condition, children, value: condition.feature === 'score' ? limitOf(ruleId, card) : condition.value }
}

function limitOf(ruleId: string, { thresholds }: ModelCard): number {
  const share = scoreLimits[ruleId]
  const found = thresholds.find(({ falseAlarms }) => falseAlarms === share)
  if (found === undefined) throw new RangeError(`the model's card has no score for ${ruleId}, which wants ${share}`)
  return found.score
}
