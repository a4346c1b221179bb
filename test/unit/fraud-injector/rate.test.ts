import { describe, expect, test } from 'vitest'
import { Chance } from '#services/fraud-injector/chance.ts'
import { Dials } from '#services/fraud-injector/dials.ts'
import { hazard, RateController } from '#services/fraud-injector/rate.ts'
import { methods } from '#services/fraud-injector/registry.ts'
import { newTotals } from '#services/fraud-injector/totals.ts'
import { FabricatedCustomers } from '#services/market/fabricated.ts'
import { Random, streamKey } from '#services/random.ts'
import { DAY_MS } from '#services/time.ts'
import { injectorSettings } from '../../helpers/injector.ts'

const PARTITIONS = 8
const replay = methods.find(({ type }) => type === 'TRANSACTION_REPLAY')!
const { expectedTransactions } = replay.row

/** Campaigns begun in a partition of so many transactions, at each of which one could begin. */
function campaignsIn(seed: string, partition: number, rate: number, transactions: number): number {
  const settings = injectorSettings(seed, { rate, mix: { TRANSACTION_REPLAY: 1 } })
  const fabricated = new FabricatedCustomers(seed, { customers: 10, syntheticShare: 0 })
  const controller = new RateController(new Dials(settings), [replay], fabricated, new Chance(seed))
  const shared = { ...newTotals(), firstMs: 0 }
  const context = { shared, partition, partitions: PARTITIONS }
  const random = new Random().at(streamKey(seed, 'test'), partition, 0)
  controller.open(context)
  for (let n = 0; n < transactions; n++) {
    controller.accrue(context, DAY_MS)
    if (random.unit() < hazard(shared.debts.TRANSACTION_REPLAY!.due, replay)) controller.began(shared, replay, 'due')
  }
  return shared.campaigns.TRANSACTION_REPLAY ?? 0
}

describe('where less than a campaign is asked for in all the records there are', () => {
  const seeds = Array.from({ length: 40 }, (_, n) => `tiny-${n}`)

  test.each([0.5, 0.2])('so many come from the first record on as the rate says: %f a partition', (wanted) => {
    const transactions = 10_000
    const rate = (wanted * expectedTransactions) / transactions
    const counts = seeds.flatMap((seed) =>
      Array.from({ length: PARTITIONS }, (_, partition) => campaignsIn(seed, partition, rate, transactions)),
    )
    const campaigns = counts.reduce((sum, count) => sum + count, 0)
    // One that is due begins at one of the next payments, not at once: some come after the last record.
    const standardDeviation = Math.sqrt(counts.length * wanted * (1 - wanted))
    expect(Math.abs(campaigns - wanted * counts.length)).toBeLessThan(4 * standardDeviation)
  })

  test('partitions begin with even parts of a campaign, which differ from seed to seed', () => {
    const settings = injectorSettings('parts')
    const parts = seeds.map((seed) => {
      const fabricated = new FabricatedCustomers(seed, { customers: 10, syntheticShare: 0 })
      const controller = new RateController(new Dials(settings), methods, fabricated, new Chance(seed))
      return Array.from({ length: PARTITIONS }, (_, partition) => {
        const shared = newTotals()
        controller.open({ shared, partition, partitions: PARTITIONS })
        for (const { type, row } of methods) {
          expect(shared.debts[type]!.due).toBeLessThanOrEqual(0)
          expect(shared.debts[type]!.due).toBeGreaterThan(-row.expectedTransactions)
        }
        return -shared.debts.TRANSACTION_REPLAY!.due / expectedTransactions
      }).sort((a, b) => a - b)
    })
    for (const evenly of parts) for (const [n, part] of evenly.entries()) expect(Math.floor(part * PARTITIONS)).toBe(n)
    const firsts = parts.map(([first]) => first! * PARTITIONS)
    const mean = firsts.reduce((sum, first) => sum + first, 0) / firsts.length
    expect(Math.abs(mean - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / firsts.length))
  })
})
