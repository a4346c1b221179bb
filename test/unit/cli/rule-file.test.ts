import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readRuleFile } from '#infra/cli/commands/rules.ts'

const folder = mkdtempSync(join(tmpdir(), 'rule-file-'))
afterAll(() => rmSync(folder, { recursive: true }))

function fileOf(text: string): string {
  const file = join(folder, 'rule.yaml')
  writeFileSync(file, text)
  return file
}

const mine = `
rule_id: mine
status: ACTIVE
kind: FRAUD
severity: HIGH
description: Two large transfers within an hour
cooldown_seconds: 3600
when:
  op: AND
  children:
    - {op: GTE, feature: amount_minor, times: 3, of: own_mean_amount_30d}
    - op: NOT
      children: [{op: EQ, feature: is_physical, value: 1}]
`

test('what a rule has no use for may be left out', () => {
  const [rule] = readRuleFile(fileOf(mine))
  expect(rule).toMatchObject({ rule_id: 'mine', sample_share: 1 })
  expect(rule!.when.children[0]).toEqual({
    op: 'GTE',
    feature: 'amount_minor',
    value: null,
    times: 3,
    of: 'own_mean_amount_30d',
    children: [],
  })
})

test('mistakes of all rules are told with their paths, misspelt keys among them', () => {
  const bad = `${mine}sample_shar: 2\n`.replace('feature: amount_minor', 'feature: amount_minr')
  expect(() => readRuleFile(fileOf(bad))).toThrow(
    /mine: sample_shar: no such key(.|\n)*mine: when.children\[0\].feature: .*did you mean amount_minor\?/,
  )
  expect(() => readRuleFile(fileOf('rule_id: empty'))).toThrow(/empty: when\.op: expected AND/)
  expect(() => readRuleFile(fileOf('- just text'))).toThrow(/rule 1: this is not a rule/)
})
