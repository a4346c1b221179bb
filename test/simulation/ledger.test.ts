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

test('it holds, too, of what fraud has come among, but for refunds that are the fraud themselves', () => {
  const settings = injectorSettings('ledger with fraud')
  const run = new InjectorRun(settings)
  for (const tx of worldTransactions(settings, 200_000)) run.genuine(tx)
  const check = new LedgerCheck()
  let byDefinition = 0
  // Where fraud is far away from its victim: `fraud-ledger.test.ts` holds it to each type's definition.
  const others = (): number => check.violations - check.counts.TRAVEL
  for (const { tx, truth } of run.labelled) {
    const before = others()
    check.check(tx)
    if (others() === before) continue
    // More than was paid, to another account, or of nothing that was sold.
    if (truth.fraud_type !== 'REFUND_FRAUD' || tx.event_type !== 'REFUND') expect(check.examples).toEqual([])
    byDefinition++
  }
  expect(run.totals.fraud).toBeGreaterThan(500)
  expect(byDefinition).toBeGreaterThan(0)
  expect(check.counts.REFUND).toBe(others())
})
