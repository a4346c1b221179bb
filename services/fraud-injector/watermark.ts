import type { TopicName } from '#schemas/topics.ts'
import type { Watermark } from '#schemas/types.ts'
import type { Context } from '../fold.ts'
import type { Account } from './account.ts'
import type { InjectorTotals } from './totals.ts'

/** Times kept that hold for records still to come. */
const WAITING_MAX = 1_000

/**
 * Takes note of a time that holds once so many records are read. Each is kept: a restart may read both inputs in
 * another order than the first time, and by the same offsets the same must have been sent.
 */
export function untilRead(watermark: Watermark, { waiting }: InjectorTotals): void {
  if (watermark.topic !== 'transactions.genuine') return
  if (waiting.at(-1)?.records === watermark.records) waiting.pop()
  waiting.push(watermark)
  if (waiting.length > WAITING_MAX) waiting.shift()
}

/** The latest time that holds by now, told once; undefined if there is none. */
export function timeReached(shared: InjectorTotals): number | undefined {
  const { waiting } = shared
  if (waiting[0] === undefined || !isRead(waiting[0], shared)) return undefined
  const left = waiting.findIndex((watermark) => !isRead(watermark, shared))
  return waiting.splice(0, left < 0 ? waiting.length : left).at(-1)?.time
}

/** Whether so many are: one that was refused counts, or it would hold up the time of a silent partition for ever. */
const isRead = ({ records }: Watermark, { consumed, refused }: InjectorTotals): boolean => records <= consumed + refused

/**
 * Tells those downstream how far time has come: of transactions, where it has come further than the last one says; of
 * reports, always, for they are few. All those due are out by then, and what comes about later is reported later.
 */
export function tellTime({ shared, streamTimeMs, partition, emit }: Context<Account, InjectorTotals>): void {
  if (!Number.isFinite(streamTimeMs)) return
  const tell = (topic: TopicName, records: number): void =>
    emit('watermarks', topic, { topic, records, time: streamTimeMs }, streamTimeMs, partition)
  const { reports } = shared
  if (streamTimeMs > reports.toldMs) {
    reports.toldMs = streamTimeMs
    tell('fraud-reports', reports.put)
  }
  if (streamTimeMs <= Math.max(shared.toldMs, shared.sentMs)) return
  shared.toldMs = streamTimeMs
  tell('transactions', shared.put)
}
