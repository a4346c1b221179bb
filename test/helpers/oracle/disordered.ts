import { partitionOf } from '#schemas/partition.ts'
import type { Transaction } from '#schemas/types.ts'
import { World } from '#services/producer/world.ts'
import { Random, streamKey } from '#services/random.ts'
import { settingsSchema } from '#services/settings.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#services/time.ts'
import { InjectorRun } from '../injector.ts'

/** How much happens, and how much of it is delivered twice. */
export interface DisorderedWorld {
  readonly seed: string
  readonly customers: number
  /** Records at the least, second copies aside. */
  readonly records: number
  /** Share of the records. */
  readonly duplicates: number
}

/**
 * Transactions of a simulated world with much fraud, partition by partition, that lost their order on the way: most late
 * ones by minutes or hours, a few by more than the scorer waits. Some also say what the world never does.
 */
export function disordered(seed: string, customers: number, days: number, partitions: number): Transaction[][] {
  const made = transactionsOf(seed, customers, (_, passedMs) => passedMs >= days * DAY_MS)
  return partitioned(delivered(made, seed, 0), partitions)
}

/** The same as one list in the order of arrival, for so many records: who deals it out decides on the partitions. */
export const disorderedRecords = ({ seed, customers, records, duplicates }: DisorderedWorld): Transaction[] =>
  delivered(
    transactionsOf(seed, customers, (made) => made >= records),
    seed,
    duplicates,
  )

/** By customer, as Kafka's own partitioner has it. */
export function partitioned(records: readonly Transaction[], partitions: number): Transaction[][] {
  const logs = Array.from({ length: partitions }, (): Transaction[] => [])
  for (const tx of records) logs[partitionOf(tx.customer_id, partitions)]!.push(tx)
  return logs
}

function transactionsOf(
  seed: string,
  customers: number,
  isOver: (made: number, passedMs: number) => boolean,
): Transaction[] {
  const settings = settingsSchema.parse({ seed, partitions: 1, population: { customers }, fraud: { rate: 0.05 } })
  const world = new World(settings, 0)
  const run = new InjectorRun(settings)
  while (!isOver(run.transactions.length, world.peekMs() - world.historyFromMs)) {
    world.next((topic, _key, value) => {
      if (topic === 'transactions.genuine') run.genuine(value as Transaction)
    }, null)
  }
  return run.transactions
}

/** In the order of arrival. */
function delivered(transactions: readonly Transaction[], seed: string, duplicates: number): Transaction[] {
  const random = new Random()
  const sent = transactions.flatMap((tx, i) => {
    random.at(streamKey(seed, 'disorder'), i, 0)
    const first = { tx: strange(tx, random), at: tx.event_time + delayMs(random) }
    return random.chance(duplicates)
      ? [first, { tx: first.tx, at: first.at + random.exponential() * MINUTE_MS }]
      : [first]
  })
  sent.sort((a, b) => a.at - b.at)
  return sent.map(({ tx }) => tx)
}

function delayMs(random: Random): number {
  const fate = random.unit()
  if (fate < 0.005) return random.uniform(26 * HOUR_MS, 40 * HOUR_MS)
  if (fate < 0.02) return random.uniform(HOUR_MS, 23 * HOUR_MS)
  return fate < 0.08 ? random.exponential() * 10 * MINUTE_MS : 0
}

/** Chargebacks for refunds, and payments from abroad. */
function strange(tx: Transaction, random: Random): Transaction {
  if (tx.event_type === 'REFUND' && random.chance(0.3)) return { ...tx, event_type: 'CHARGEBACK' }
  if (random.chance(0.005)) return { ...tx, country_code: 'AE' }
  return tx
}
