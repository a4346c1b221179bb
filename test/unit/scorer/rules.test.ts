import { describe, expect, test } from 'vitest'
import type { Condition, Rule } from '#schemas/types.ts'
import { checkRule } from '#services/scorer/check-rule.ts'
import { compileRule } from '#services/scorer/compile-rule.ts'
import { operandIndex, operands } from '#services/scorer/operands.ts'
import { RuleBook } from '#services/scorer/rule-book.ts'
import shipped from '#services/scorer/rules.json' with { type: 'json' }

const leaf = (feature: string, op: Condition['op'], value: number | null, times?: [number, string]): Condition => ({
  op,
  feature,
  value,
  times: times?.[0] ?? null,
  of: times?.[1] ?? null,
  children: [],
})

const join = (op: Condition['op'], ...children: Condition[]): Condition => ({
  op,
  feature: null,
  value: null,
  times: null,
  of: null,
  children,
})

const rule = (when: Condition, overrides: Partial<Rule> = {}): Rule => ({
  rule_id: 'mine',
  status: 'ACTIVE',
  kind: 'FRAUD',
  severity: 'HIGH',
  description: 'Mine',
  when,
  cooldown_seconds: 60,
  sample_share: 1,
  ...overrides,
})

function values(given: Record<string, number>): Float64Array {
  const filled = new Float64Array(operands.length)
  for (const [name, value] of Object.entries(given)) filled[operandIndex(name)!] = value
  return filled
}

describe('conditions', () => {
  test.each([
    [leaf('txn_count_1h', 'GT', 5), 6, 5],
    [leaf('txn_count_1h', 'GTE', 5), 5, 4],
    [leaf('txn_count_1h', 'LT', 5), 4, 5],
    [leaf('txn_count_1h', 'LTE', 5), 5, 6],
    [leaf('txn_count_1h', 'EQ', 5), 5, 6],
    [join('NOT', leaf('txn_count_1h', 'EQ', 5)), 6, 5],
    [join('OR', leaf('txn_count_1h', 'EQ', 5), leaf('txn_count_1h', 'EQ', 7)), 7, 6],
    [join('AND', leaf('txn_count_1h', 'GT', 5), leaf('txn_count_1h', 'LT', 8)), 7, 8],
  ])('%j holds for %d, not for %d', (when, yes, no) => {
    const { fires } = compileRule(rule(when))
    expect(fires(values({ txn_count_1h: yes }))).toBe(true)
    expect(fires(values({ txn_count_1h: no }))).toBe(false)
  })

  test('the right side is the greater of value and multiple', () => {
    const { fires } = compileRule(rule(leaf('txn_count_1h', 'GTE', 5, [6, 'own_txn_per_hour_30d'])))
    expect(fires(values({ txn_count_1h: 5, own_txn_per_hour_30d: 0.5 }))).toBe(true)
    expect(fires(values({ txn_count_1h: 11, own_txn_per_hour_30d: 2 }))).toBe(false)
    expect(fires(values({ txn_count_1h: 12, own_txn_per_hour_30d: 2 }))).toBe(true)
  })

  test('reasons are the comparisons that held, with value, baseline and words', () => {
    const when = join('OR', leaf('amount_minor', 'GT', null, [3, 'own_mean_amount_30d']), leaf('is_atm', 'EQ', 1))
    const [reason, ...others] = compileRule(rule(when)).reasons(
      values({ amount_minor: 12_345_600, own_mean_amount_30d: 200_000 }),
      values({ amount_minor: 0.25 }),
    )
    expect(others).toEqual([])
    expect(reason).toEqual({
      feature: 'amount_minor',
      value: 12_345_600,
      baseline: 200_000,
      contribution: 0.25,
      text: 'amount: ₹1,23,456 (ordinary: ₹2,000), 25 % of the score',
    })
  })

  const texts = (when: Condition, given: Record<string, number>) =>
    compileRule(rule(when))
      .reasons(values(given), values({}))
      .map(({ text }) => text)

  test('reasons read well, and a flag that is not set as what it is', () => {
    const when = join(
      'AND',
      leaf('txn_count_1h', 'GTE', 5, [6, 'own_txn_per_hour_30d']),
      leaf('is_physical', 'EQ', 0),
      leaf('is_card_present', 'EQ', 0),
      leaf('distance_from_home_km', 'GT', 100),
    )
    expect(texts(when, { txn_count_1h: 5, own_txn_per_hour_30d: 0.4, distance_from_home_km: 812.4 })).toEqual([
      '5 payments within an hour (ordinary: 0.4)',
      '812 km from home (limit: 100)',
      'not at a terminal, QR code or ATM',
      'card not present',
    ])
  })

  test('a feature compared twice is one reason, and how much is known of a customer comes last', () => {
    const when = join(
      'AND',
      leaf('own_txn_count_30d', 'GTE', 10),
      leaf('implied_speed_kmh', 'GTE', 400),
      leaf('implied_speed_kmh', 'LTE', 800),
    )
    expect(texts(when, { own_txn_count_30d: 12, implied_speed_kmh: 650 })).toEqual([
      '650 km/h since the last place (limit: 400)',
      '12 own payments known of 30 days (limit: 10)',
    ])
  })
})

test('a sample is a share of customers, always the same ones, and others for another rule', () => {
  const customers = Array.from({ length: 2_000 }, (_, i) => `CUST${String(i).padStart(7, '0')}`)
  const sampled = (overrides: Partial<Rule>) =>
    customers.filter(compileRule(rule(leaf('is_atm', 'EQ', 1), overrides)).samples)
  expect(sampled({ sample_share: 1 })).toHaveLength(2_000)
  const quarter = sampled({ sample_share: 0.25 })
  expect(quarter.length / 2_000).toBeCloseTo(0.25, 1)
  expect(sampled({ sample_share: 0.5 })).toEqual(expect.arrayContaining(quarter))
  expect(sampled({ sample_share: 0.25, rule_id: 'another' })).not.toEqual(quarter)
})

describe('checkRule lists every mistake with its path', () => {
  test('the shipped rules have none', () => {
    for (const one of shipped as unknown as Rule[]) expect(checkRule(one), one.rule_id).toEqual([])
  })

  test('several at once', () => {
    const when = join('AND', leaf('txn_cout_1h', 'GT', 5), join('NOT'), leaf('is_atm', 'UNKNOWN', 1), {
      ...leaf('is_atm', 'EQ', null),
      times: 2,
    })
    expect(checkRule(rule(when, { severity: 'UNKNOWN', cooldown_seconds: -1, sample_share: 0 }))).toEqual([
      'severity: expected LOW, MEDIUM, HIGH, CRITICAL, got UNKNOWN',
      'cooldown_seconds: expected 0 to 2592000, got -1',
      'sample_share: expected above 0, at most 1, got 0',
      'when.children[0].feature: no feature or field is called txn_cout_1h; did you mean txn_count_1h?',
      'when.children[1].children: NOT expects exactly one condition, got 0',
      'when.children[2].op: expected AND, OR, NOT, GT, GTE, LT, LTE, EQ, got UNKNOWN',
      'when.children[3]: times and of go together',
    ])
  })

  test('keys that nobody reads, which would be left out in silence', () => {
    const when = { ...leaf('is_atm', 'EQ', 1), valu: 2 } as unknown as Condition
    expect(checkRule({ ...rule(when), cool_down: 3 } as unknown as Rule)).toEqual([
      'cool_down: no such key; expected rule_id, status, kind, severity, description, when, cooldown_seconds, sample_share',
      'when.valu: no such key; expected op, feature, value, times, of, children',
    ])
  })

  test('depth and size have limits', () => {
    let deep = leaf('is_atm', 'EQ', 1)
    for (let i = 0; i < 8; i++) deep = join('NOT', deep)
    expect(checkRule(rule(deep)).join()).toMatch(/at most 8 levels/)
    const wide = join('OR', ...Array.from({ length: 64 }, () => leaf('is_atm', 'EQ', 1)))
    expect(checkRule(rule(wide)).join()).toMatch(/at most 64 conditions, got 65/)
  })
})

describe('the rule book', () => {
  const ids = (book: RuleBook) => book.active.map((compiled) => compiled.rule.rule_id)
  const fine = rule(leaf('is_atm', 'EQ', 1))

  test('starts with the shipped rules', () => {
    expect(ids(new RuleBook())).toEqual(shipped.map((one) => one.rule_id).sort())
  })

  test('adds, pauses and deletes', () => {
    const book = new RuleBook()
    book.apply('mine', fine)
    expect(ids(book)).toContain('mine')
    book.apply('mine', { ...fine, status: 'PAUSED' })
    expect(ids(book)).not.toContain('mine')
    book.apply('mine', null)
    expect(book.changed).toEqual([])
  })

  test('null brings a changed shipped rule back', () => {
    const book = new RuleBook()
    book.apply('impossible-travel', { ...fine, rule_id: 'impossible-travel', status: 'PAUSED' })
    expect(ids(book)).not.toContain('impossible-travel')
    book.apply('impossible-travel', null)
    expect(ids(book)).toContain('impossible-travel')
  })

  test('an invalid rule is rejected with its reasons and leaves what was', () => {
    const book = new RuleBook()
    book.apply('mine', fine)
    book.apply('mine', rule(leaf('nothing_such', 'EQ', 1)))
    expect(ids(book)).toContain('mine')
    expect(book.rejected.get('mine')).toHaveLength(1)
    book.apply('mine', fine)
    expect(book.rejected.size).toBe(0)
    book.apply('other', fine)
    expect(book.rejected.get('other')?.[0]).toMatch(/record's key other/)
  })
})
