import { describe, expect, test } from 'vitest'
import { Random, streamKey } from '#services/random.ts'
import { MINUTE_MS } from '#services/time.ts'
import { alert, fold, liveFromMs, type MonitorRecord, monitorPartition, score, truth } from './helpers.ts'

const key = streamKey('test', 'monitor')
const RUNS = 40
const TYPES = ['CARD_CLONING', 'ACCOUNT_TAKEOVER', 'VELOCITY_ABUSE'] as const

/** Some weeks of a few customers, each input in order of time. */
function streams(seed: number): MonitorRecord[][] {
  const random = new Random().at(key, seed, 1)
  const inputs: Record<string, MonitorRecord[]> = {}
  const add = (record: MonitorRecord) => {
    inputs[record.topic] = [...(inputs[record.topic] ?? []), record]
  }
  const times = new Map<string, { id: string; timeMs: number }[]>()
  let timeMs = liveFromMs - 2_000 * MINUTE_MS
  for (let i = 0; i < 300; i++) {
    timeMs += random.below(20 * MINUTE_MS)
    const customer = `CUST000000${random.below(3)}`
    const type = random.pick(TYPES)
    const drawn = random.unit()
    const campaign = `${customer}-${type}-${Math.floor(i / 30)}`
    add(truth(`t${i}`, timeMs, drawn < 0.4 ? { fraud: type, campaign } : drawn < 0.5 ? { twinOf: type } : {}, customer))
    add(score(`t${i}`, timeMs, customer))
    times.set(customer, [...(times.get(customer) ?? []), { id: `t${i}`, timeMs }])
    for (const topic of ['alerts.velocity', 'alerts.anomaly', 'alerts.fraud'] as const) {
      if (!random.chance(drawn < 0.4 ? 0.3 : 0.05)) continue
      add(
        alert(
          `t${i}`,
          timeMs,
          topic,
          customer,
          (times.get(customer) ?? []).slice(-random.below(4)),
          `${customer}/${Math.floor(i / 20)}`,
        ),
      )
    }
  }
  return Object.values(inputs)
}

/** One of the many orders in which the inputs may arrive: each keeps its own order. */
function interleave(inputs: readonly MonitorRecord[][], seed: number): MonitorRecord[] {
  const random = new Random().at(key, seed, 2)
  const left = inputs.map((input) => [...input])
  // Uneven odds let one input run far ahead of another.
  const odds = left.map(() => random.unit() ** 3)
  const order: MonitorRecord[] = []
  while (left.some((input) => input.length > 0)) {
    const index = random.below(left.length)
    const next = random.unit() < odds[index]! + 0.01 ? left[index]!.shift() : undefined
    if (next !== undefined) order.push(next)
  }
  return order
}

describe('confluence', () => {
  test('the counts do not depend on how the inputs interleave', () => {
    for (let seed = 1; seed <= RUNS; seed++) {
      const inputs = streams(seed)
      const expected = fold(inputs.flat())
      expect(expected.all.truePositives, `seed ${seed}`).toBeGreaterThan(0)
      expect(fold(interleave(inputs, seed)), `seed ${seed}`).toEqual(expected)
      expect(fold([...inputs].reverse().flat()), `seed ${seed}`).toEqual(expected)
    }
  })

  test('a restart from a checkpoint anywhere changes nothing', () => {
    for (let seed = 1; seed <= RUNS; seed++) {
      const order = interleave(streams(seed), seed)
      const at = seed * 11
      const first = monitorPartition()
      for (const record of order.slice(0, at)) first.process(record)
      const second = monitorPartition()
      second.restore(first.checkpoint())
      for (const record of order.slice(at)) second.process(record)
      expect(second.shared, `seed ${seed}`).toEqual(fold(order))
    }
  })
})
