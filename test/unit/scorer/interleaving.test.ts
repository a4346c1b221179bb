import { describe, expect, test } from 'vitest'
import type { Features } from '#schemas/types.ts'
import { hash32 } from '#services/random.ts'
import { decodeFeatures } from '#services/scorer/features.ts'
import { ScorerNetwork } from './helpers.ts'
import { dice, END, reportsOf, traffic } from './traffic.ts'

const PAYMENTS = 1_500

function scored(order: string, restart = false): ScorerNetwork {
  const payments = traffic(PAYMENTS, 'a')
  const network = new ScorerNetwork(4, dice(order), reportsOf(payments, 'a'))
  network.feed(payments)
  network.finish(END)
  network.run(restart)
  return network
}

/** The bytes of all states, apart from what a batch's end tells others. */
const states = ({ customers, entities }: ScorerNetwork) =>
  [...customers, ...entities].map((fold) =>
    fold
      .checkpoint()
      .filter(({ key }) => !key.startsWith('~'))
      .map(({ key, payload }) => [key, hash32(payload!.subarray(16).join())])
      .sort(),
  )

describe('however the topics interleave', () => {
  const first = scored('one')

  test('everything is scored, in the order of the log', () => {
    expect(first.of('scores')).toHaveLength(PAYMENTS)
    expect(first.of('features')).toHaveLength(PAYMENTS)
    const ids = (sent: ReturnType<typeof first.of>) =>
      sent.map(({ value }) => (value as { transaction_id: string }).transaction_id)
    for (const out of first.out) {
      const log = traffic(PAYMENTS, 'a').map(({ transaction_id }) => transaction_id)
      const own = ids(out.filter(({ topic }) => topic === 'scores'))
      expect(own).toEqual(log.filter((id) => own.includes(id)))
    }
    expect(first.of('alerts.velocity').length).toBeGreaterThan(0)
  })

  test('reports are known to many of them', () => {
    const rates = first.of('features').map(({ value }) => decodeFeatures((value as Features).values))
    const known = rates.filter((values) => values.get('merchant_reported_fraud_rate_30d')! > 0)
    expect(known.length).toBeGreaterThan(PAYMENTS / 10)
  })

  test.each(['two', 'three', 'four'])('the outputs are the same (%s)', (order) => {
    expect(scored(order).out).toEqual(first.out)
  })

  test.each(['five', 'six'])('restarts from checkpoints change no output (%s)', (order) => {
    expect(scored(order, true).out).toEqual(first.out)
  })

  test('the states are the same', () => {
    expect(states(scored('seven'))).toEqual(states(scored('eight')))
  })

  test('the time of an intended moment is carried along', () => {
    const intended = new Map(traffic(PAYMENTS, 'a').map((one) => [one.transaction_id, one.intended_at]))
    for (const { value } of [...first.of('scores'), ...first.of('features'), ...first.of('alerts.velocity')]) {
      const { transaction_id, intended_at } = value as { transaction_id: string; intended_at: number | null }
      expect(intended_at).toBe(intended.get(transaction_id))
    }
  })
})

test('a single partition waits for nobody', () => {
  const network = new ScorerNetwork(1, dice('nine'))
  network.feed(traffic(PAYMENTS, 'a'))
  network.run()
  expect(network.of('scores')).toHaveLength(PAYMENTS)
})
