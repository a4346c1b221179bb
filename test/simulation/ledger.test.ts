import { expect, test } from 'vitest'
import { LedgerCheck } from '#infra/ledger/check.ts'
import { checkWorld, ledgerSettings } from '#infra/ledger/run.ts'
import { worldTransactions } from '../helpers/genuine.ts'
import { InjectorRun, injectorSettings } from '../helpers/injector.ts'

test.each(['one', 'two', 'three'])('the ledger of seed %s holds over 200,000 transactions', (seed) => {
  const check = checkWorld(ledgerSettings(seed, 1_500), 200_000, () => {})
  expect(check.examples).toEqual([])
  expect(check.violations).toBe(0)
  for (const held of Object.values(check.checked)) expect(held).toBeGreaterThan(1_000)
})

test('it holds, too, of what fraud has come among', () => {
  const settings = injectorSettings('ledger with fraud')
  const run = new InjectorRun(settings)
  for (const tx of worldTransactions(settings, 200_000)) run.genuine(tx)
  const check = new LedgerCheck()
  for (const tx of run.transactions) check.check(tx)
  expect(run.totals.fraud).toBeGreaterThan(500)
  expect(check.examples).toEqual([])
})
