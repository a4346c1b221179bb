import pino from 'pino'
import { expect, test } from 'vitest'
import { AckLatency } from '#infra/kafka/ack-latency.ts'
import { Generator } from '#infra/kafka/generator.ts'
import { scheduleOf } from '#services/producer/schedule.ts'
import { World } from '#services/producer/world.ts'
import { settingsSchema } from '#services/settings.ts'
import { NullLane } from '../../helpers/null-lane.ts'

const settings = settingsSchema.parse({
  seed: 'generator',
  partitions: 2,
  population: { customers: 50 },
  clock: { history: '1d' },
  pace: { rate: 10 },
})

/** The partition's people, lived until so many payments, and taken up again by another process. */
function restored(partition: number, payments: number): { world: World; lastMs: number } {
  const before = new World(settings, partition)
  let lastMs = Number.NaN
  for (let n = 0; n < payments; n++) {
    lastMs = before.peekMs()
    before.next(() => {}, null)
  }
  const world = new World(settings, partition)
  world.restore(before.progress(), before.ledgerAtDayStart())
  return { world, lastMs }
}

const generatorOf = (lanes: readonly NullLane[]): Generator =>
  new Generator({
    lanes,
    pace: settings.pace,
    schedule: scheduleOf,
    ...settings.runner,
    nowMs: () => performance.timeOrigin + performance.now(),
    log: pino({ level: 'silent' }),
  })

const laneOf = (partition: number, world: World): NullLane => new NullLane(partition, world, () => {}, new AckLatency())

test('one that is drained as soon as it has taken over tells the time of what was sent before it', async () => {
  const found = [restored(0, 40), restored(1, 3)]
  const lanes = found.map(({ world }, partition) => laneOf(partition, world))
  const generator = generatorOf(lanes)
  await generator.start()
  await generator.drain()
  await generator.stop()
  // Somebody downstream may still wait for a moment after the very last payment, in every partition.
  const lastMs = Math.max(...found.map((partition) => partition.lastMs))
  for (const lane of lanes) expect(lane.toldMs).toBeGreaterThan(lastMs)
  expect(generator.status.phase).toBe('drained')
})

test('one that is asked to drain before its lanes are open knows nothing yet, and says so', async () => {
  const { world, lastMs } = restored(0, 40)
  const opening = Promise.withResolvers<void>()
  const lane = laneOf(0, world)
  const open = lane.open.bind(lane)
  lane.open = () => opening.promise.then(open)
  const generator = generatorOf([lane])
  const started = generator.start()
  await generator.drain()
  expect(generator.status.phase).not.toBe('drained')
  opening.resolve()
  await started
  await generator.drain()
  await generator.stop()
  expect(lane.toldMs).toBeGreaterThan(lastMs)
})

test('a world knows when its newest payment was, also one that was taken up again', () => {
  for (const payments of [1, 40, 400]) {
    const { world, lastMs } = restored(0, payments)
    expect(world.lastMs).toBe(lastMs)
    expect(world.peekMs()).toBeGreaterThanOrEqual(lastMs)
  }
})
