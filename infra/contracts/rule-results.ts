import type { Rule } from '#schemas/types.ts'
import { type CompiledRule, compileRule } from '#services/scorer/compile-rule.ts'
import rules from '#services/scorer/rules.json' with { type: 'json' }
import type { Example } from './example-world.ts'

/** The shipped rules in the order in which the scorer applies them. */
export const shippedRules: readonly CompiledRule[] = (rules as unknown as Rule[])
  .toSorted((a, b) => (a.rule_id < b.rule_id ? -1 : 1))
  .map(compileRule)

/** How a rule did on some attempts to pay. */
export interface RuleResult {
  readonly compiled: CompiledRule
  readonly firedOn: readonly Example[]
  /** Those on which it raised an alert, not being silent. */
  readonly raisedOn: readonly Example[]
  /** Shares, NaN where there is nothing to share. */
  readonly precision: number
  readonly recall: number
  /** Of genuine payments, on which it fires. */
  readonly falseAlarms: number
  /** Payments by type of fraud, and on how many of them it fires. */
  readonly byType: readonly { readonly type: string; readonly payments: number; readonly found: number }[]
}

const isFraud = ({ truth }: Example): boolean => truth.is_fraud

const raises = ({ rule }: CompiledRule, { alerts }: Example): boolean =>
  alerts.some(({ rule_id }) => rule_id === rule.rule_id)

export function resultOf(compiled: CompiledRule, attempts: readonly Example[]): RuleResult {
  const firedOn = attempts.filter(({ values, tx }) => compiled.fires(values) && compiled.samples(tx.customer_id))
  const frauds = attempts.filter(isFraud)
  const found = firedOn.filter(isFraud)
  const byType = [...Map.groupBy(frauds, ({ truth }) => truth.fraud_type)].map(([type, own]) => ({
    type,
    payments: own.length,
    found: found.filter(({ truth }) => truth.fraud_type === type).length,
  }))
  return {
    compiled,
    firedOn,
    raisedOn: firedOn.filter((example) => raises(compiled, example)),
    precision: found.length / firedOn.length,
    recall: found.length / frauds.length,
    falseAlarms: (firedOn.length - found.length) / (attempts.length - frauds.length),
    byType: byType.sort((a, b) => b.found - a.found || (a.type < b.type ? -1 : 1)),
  }
}
