import { createHash } from 'node:crypto'
import type { TopicRecords } from '#schemas/topics.ts'
import type { Customer, CustomerEvent, Transaction } from '#schemas/types.ts'
import type { Emit } from '#services/fold.ts'
import { World } from '#services/producer/world.ts'
import { type ScenarioFile, type Settings, settingsSchema } from '#services/settings.ts'

export interface Stream {
  readonly transactions: Transaction[]
  readonly events: CustomerEvent[]
  /** Profiles that have changed, with the moment. */
  readonly profiles: (Customer & { readonly timeMs: number })[]
  readonly emit: Emit
}

export function openStream(): Stream {
  const transactions: Transaction[] = []
  const events: CustomerEvent[] = []
  const profiles: (Customer & { readonly timeMs: number })[] = []
  const emit = ((topic: keyof TopicRecords, key: string, value: Transaction & CustomerEvent, timeMs: number) => {
    if (topic === 'customers') {
      profiles.push({ ...(value as unknown as Customer), timeMs })
      return
    }
    if (key !== value.customer_id || timeMs !== value.event_time) throw new Error(`${topic}: wrong key or time`)
    if (topic === 'transactions.genuine') transactions.push(value)
    else events.push(value)
  }) as Emit
  return { transactions, events, profiles, emit }
}

export function scenario(overrides: ScenarioFile): Settings {
  return settingsSchema.parse({ partitions: 1, clock: { history: '1d' }, ...overrides })
}

/** Everything that a partition emits in its first days. */
export function simulate(settings: Settings, partition: number, days: number): Stream {
  const world = new World(settings, partition)
  const stream = openStream()
  const until = world.historyFromMs + days * 86_400_000
  while (world.peekMs() < until) world.next(stream.emit, null)
  return stream
}

/** SHA-256 over records, whatever order they came in. */
export function digest(records: readonly (Transaction | CustomerEvent)[]): string {
  const lines = records.map((record) => JSON.stringify(record)).sort()
  return createHash('sha256').update(lines.join('\n')).digest('hex')
}
