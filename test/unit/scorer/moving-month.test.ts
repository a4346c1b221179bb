import { expect, test } from 'vitest'
import { Random, streamKey } from '#services/random.ts'
import { CATEGORIES } from '#services/scorer/codes.ts'
import { MovingMonth } from '#services/scorer/moving-month.ts'
import { paymentOf } from '#services/scorer/payment.ts'
import { RecentPayments } from '#services/scorer/recent-payments.ts'
import { SortedAmounts } from '#services/scorer/sorted-amounts.ts'
import { HOUR_MS } from '#services/time.ts'
import { declined, NOON, transaction } from './helpers.ts'

const seen = ({ counts, amounts }: MovingMonth) => ({
  categories: [...counts.subarray(0, CATEGORIES)],
  hours: [...counts.subarray(CATEGORIES)],
  amounts: Array.from({ length: amounts.length }, (_, i) => amounts.at(i)),
  sum: amounts.sum,
})

/** Some 200 payments of some weeks, so that old ones are dropped; one in five late by up to a day, one in five declined. */
function* lived(random: Random): Generator<RecentPayments> {
  const recent = new RecentPayments()
  for (let i = 0; i < 200; i++) {
    const lateMs = random.chance(0.2) ? random.below(24) * HOUR_MS : 0
    const tx = transaction({
      event_time: NOON + i * 5 * HOUR_MS - lateMs,
      amount_minor: random.integer(1, 20) * 100,
      category: random.pick(['GROCERIES', 'FUEL', 'TRANSFER']),
      ...(random.chance(0.2) ? declined : {}),
    })
    recent.insert(paymentOf(tx))
    yield recent
  }
}

test.each([1, 2, 3])('wherever it moves to, it counts what is there and nothing else (%i)', (index) => {
  const random = new Random().at(streamKey('moving-month', 'test'), 0, index)
  for (const recent of lived(random)) {
    const start = random.below(recent.length + 1)
    const end = random.integer(start, recent.length)
    recent.month.moveTo(start, end)
    const fresh = new MovingMonth(recent)
    fresh.moveTo(start, end)
    expect(seen(recent.month)).toEqual(seen(fresh))
    const { categories, hours, amounts } = seen(recent.month)
    const count = (counts: readonly number[]): number => counts.reduce((sum, one) => sum + one, 0)
    expect([count(categories), count(hours)]).toEqual([end - start, end - start])
    expect(amounts).toEqual([...amounts].sort((a, b) => a - b))
  }
})

test('amounts come and go in any order, equal ones one at a time', () => {
  const amounts = new SortedAmounts()
  for (const amount of [5, 1, 9, 5, 3, 5, 2, 8, 7, 5]) amounts.add(amount)
  expect([amounts.median, amounts.sum, amounts.length]).toEqual([5, 50, 10])
  for (const amount of [5, 9, 1, 5]) amounts.remove(amount)
  expect(Array.from({ length: 7 }, (_, i) => amounts.at(i))).toEqual([2, 3, 5, 5, 7, 8, 0])
  expect([amounts.median, amounts.sum]).toEqual([5, 30])
  amounts.clear()
  expect([amounts.median, amounts.sum, amounts.at(-1)]).toEqual([0, 0, 0])
})
