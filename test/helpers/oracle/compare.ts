import type { Transaction } from '#schemas/types.ts'
import { featureList } from '#services/scorer/features.ts'
import { DAY } from './basics.ts'

/** A feature that two computations do not agree on. */
export interface Difference {
  readonly name: string
  readonly transactionId: string
  readonly streamed: number | undefined
  readonly expected: number
}

/** Streamed values are of single precision: 24 bits. */
const RELATIVE = 1e-6
const ABSOLUTE = 1e-6

/** What depends on a merchant's minutes, days and reports, which are kept a day longer than they count. */
const ofMerchants: ReadonlySet<string> = new Set([
  'merchant_decline_ratio_1h',
  'ix_risk_noisy_or',
  'merchant_reported_fraud_rate_30d',
])

/** Whether a streamed value is the expected one, but for its precision. */
export const agrees = (is: number | undefined, should: number): boolean =>
  is !== undefined && Math.abs(is - should) <= ABSOLUTE + RELATIVE * Math.abs(should)

/** Whether nothing is promised of a feature of a record that comes so late. */
export const isBeyond = (name: string, lateMs: number): boolean => lateMs > DAY && ofMerchants.has(name)

/** Holds streamed features against expected ones; those of merchants only for records at most a day late. */
export function differences(
  logs: readonly (readonly Transaction[])[],
  streamed: ReadonlyMap<string, Readonly<Record<string, number>>>,
  expected: ReadonlyMap<string, Readonly<Record<string, number>>>,
): Difference[] {
  const found: Difference[] = []
  for (const log of logs) {
    let time = Number.NEGATIVE_INFINITY
    for (const { transaction_id, event_time } of log) {
      time = Math.max(time, event_time)
      for (const { name } of featureList) {
        if (isBeyond(name, time - event_time)) continue
        const [is, should] = [streamed.get(transaction_id)?.[name], expected.get(transaction_id)![name]!]
        if (!agrees(is, should)) {
          found.push({ name, transactionId: transaction_id, streamed: is, expected: should })
        }
      }
    }
  }
  return found
}
