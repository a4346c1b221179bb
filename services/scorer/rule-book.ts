import type { Rule } from '#schemas/types.ts'
import { checkRule } from './check-rule.ts'
import { type CompiledRule, compileRule } from './compile-rule.ts'
import shipped from './rules.json' with { type: 'json' }

const RULES_MAX = 500
const REJECTED_MAX = 100

export const shippedRuleIds: ReadonlySet<string> = new Set(shipped.map((rule) => rule.rule_id))

const shippedRules = new Map((shipped as unknown as Rule[]).map((rule) => [rule.rule_id, rule]))

/** The rules in force: the shipped ones, changed and added to by the topic. */
export class RuleBook {
  readonly #changed = new Map<string, Rule>()
  /** Why rules of the topic were not taken, by rule_id: the newest 100. */
  readonly rejected = new Map<string, readonly string[]>()
  #active: readonly CompiledRule[] = activeRules(this.#changed)

  /** ACTIVE rules in the order of rule_id. */
  get active(): readonly CompiledRule[] {
    return this.#active
  }

  /** Rules that the topic changed or added, as JSON is made of them. */
  get changed(): readonly Rule[] {
    return [...this.#changed.values()]
  }

  /**
   * A changed rule replaces the one of its id; null takes the change back, so that the shipped rule of that id is in
   * force again, if there is one (to silence a shipped rule, publish it PAUSED). A rule with mistakes is not taken
   * and leaves what was; the mistakes are returned.
   */
  apply(ruleId: string, rule: Rule | null): readonly string[] {
    const mistakes = rule === null ? [] : this.#mistakes(ruleId, rule)
    this.rejected.delete(ruleId)
    if (mistakes.length > 0) {
      this.rejected.set(ruleId, mistakes)
      const [oldest] = this.rejected.keys()
      if (this.rejected.size > REJECTED_MAX && oldest !== undefined) this.rejected.delete(oldest)
      return mistakes
    }
    if (rule === null) this.#changed.delete(ruleId)
    else this.#changed.set(ruleId, rule)
    this.#active = activeRules(this.#changed)
    return mistakes
  }

  #mistakes(ruleId: string, rule: Rule): string[] {
    const mistakes = checkRule(rule)
    if (rule.rule_id !== ruleId) mistakes.push(`rule_id: expected the record's key ${ruleId}, got ${rule.rule_id}`)
    if (this.#changed.size >= RULES_MAX && !this.#changed.has(ruleId)) {
      mistakes.push(`expected at most ${RULES_MAX} rules beside the shipped ones`)
    }
    return mistakes
  }
}

function activeRules(changed: ReadonlyMap<string, Rule>): readonly CompiledRule[] {
  const rules = [...new Map([...shippedRules, ...changed]).values()].filter((rule) => rule.status === 'ACTIVE')
  rules.sort((a, b) => (a.rule_id < b.rule_id ? -1 : 1))
  return rules.map(compileRule)
}
