import { partitionOf } from '#schemas/partition.ts'
import type { FraudReport, Transaction } from '#schemas/types.ts'
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

/** Transactions as they arrive, and the reports of all partitions by the time of reporting. */
export interface Disordered<Arrivals> {
  readonly arrivals: Arrivals
  readonly reports: readonly FraudReport[]
}

/**
 * Transactions of a simulated world with much fraud, partition by partition, that lost their order on the way: most late
 * ones by minutes or hours, a few by more than the scorer waits. Some also say what the world never does. Of the reports
 * some are taken back, and some of these made again.
 */
export function disordered(
  seed: string,
  customers: number,
  days: number,
  partitions: number,
): Disordered<Transaction[][]> {
  const made = livedThrough(seed, customers, (_, passedMs) => passedMs >= days * DAY_MS)
  return {
    arrivals: partitioned(delivered(made.transactions, seed, 0), partitions),
    reports: disputed(made.reports, seed),
  }
}

/** The same as one list in the order of arrival, for so many records: who deals it out decides on the partitions. */
export function disorderedRecords(world: DisorderedWorld): Disordered<Transaction[]> {
  const { seed, customers, records, duplicates } = world
  const made = livedThrough(seed, customers, (transactions) => transactions >= records)
  return { arrivals: delivered(made.transactions, seed, duplicates), reports: disputed(made.reports, seed) }
}

/** By customer, as Kafka's own partitioner has it. */
export function partitioned(records: readonly Transaction[], partitions: number): Transaction[][] {
  const logs = Array.from({ length: partitions }, (): Transaction[] => [])
  for (const tx of records) logs[partitionOf(tx.customer_id, partitions)]!.push(tx)
  return logs
}

function livedThrough(
  seed: string,
  customers: number,
  isOver: (made: number, passedMs: number) => boolean,
): Pick<InjectorRun, 'transactions' | 'reports'> {
  const settings = settingsSchema.parse({ seed, partitions: 1, population: { customers }, fraud: { rate: 0.05 } })
  const world = new World(settings, 0)
  const run = new InjectorRun(settings)
  while (!isOver(run.transactions.length, world.peekMs() - world.historyFromMs)) {
    world.next((topic, _key, value) => {
      if (topic === 'transactions.genuine') run.genuine(value as Transaction)
    }, null)
  }
  return run
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

function disputed(reports: readonly FraudReport[], seed: string): FraudReport[] {
  const random = new Random()
  const told = reports.flatMap((report, i) => {
    random.at(streamKey(seed, 'disputes'), i, 0)
    if (!random.chance(0.3)) return [report]
    const clearedMs = report.report_time + Math.round(random.exponential() * 2 * DAY_MS)
    const cleared = { ...report, version: 3, claimed_type: 'FRIENDLY_FRAUD', report_time: clearedMs } as const
    if (!random.chance(0.3)) return [report, cleared]
    const againMs = clearedMs + Math.round(random.exponential() * DAY_MS)
    return [report, cleared, { ...report, version: 4, report_time: againMs }]
  })
  return told.sort((a, b) => a.report_time - b.report_time)
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
