import type { FraudReport, Transaction } from '#schemas/types.ts'
import { featureList } from '#services/scorer/features.ts'
import { DAY } from './basics.ts'
import { agrees, type Difference } from './compare.ts'
import { partitioned } from './disordered.ts'
import { featureRows } from './oracle.ts'

/** How one feature stood up to the oracle, in records. */
export interface FeatureParity {
  readonly name: string
  compared: number
  /** Bit for bit, in the single precision of the stream. */
  equal: number
  /** Within a millionth, which is what two orders of adding up may differ by. */
  close: number
  different: number
  /** Other values of records more than a day late, of whose windows a part may be forgotten: nothing is promised. */
  beyond: number
  first: Difference | undefined
}

const EXAMPLES_NAMED = 20

/** Streamed features, as bytes by transaction, against what the oracle says of the same records. */
export function holdAgainstOracle(
  arrivals: readonly Transaction[],
  reports: readonly FraudReport[],
  partitions: number,
  rows: ReadonlyMap<string, Uint8Array>,
  onRecord: (records: number) => void = () => {},
): FeatureParity[] {
  const found = featureList.map(({ name }): FeatureParity => {
    return { name, compared: 0, equal: 0, close: 0, different: 0, beyond: 0, first: undefined }
  })
  let records = 0
  for (const { tx, values, lateMs } of featureRows(partitioned(arrivals, partitions), reports)) {
    const bytes = rows.get(tx.transaction_id)
    const view = bytes && new DataView(bytes.buffer, bytes.byteOffset)
    for (const [i, parity] of found.entries()) {
      const should = (values as Record<string, number>)[parity.name]!
      const is = view?.getFloat32(i * 4, true)
      hold(parity, { name: parity.name, transactionId: tx.transaction_id, streamed: is, expected: should }, lateMs)
    }
    onRecord(++records)
  }
  return found
}

function hold(parity: FeatureParity, held: Difference, lateMs: number): void {
  const { streamed, expected } = held
  parity.compared++
  if (streamed === Math.fround(expected)) parity.equal++
  else if (agrees(streamed, expected)) parity.close++
  else if (lateMs > DAY && streamed !== undefined) parity.beyond++
  else {
    parity.different++
    parity.first ??= held
  }
}

/**
 * What depends on when an entity hears of a record: that is the time of the record's partition, so that with other
 * partitions a late record is heard of between other ones. Everything else is of one customer alone.
 */
export const ofEntities: ReadonlySet<string> = new Set([
  'merchant_decline_ratio_1h',
  'device_customer_count_24h',
  'payee_distinct_payer_count_24h',
  'merchant_payer_hhi_7d',
  'merchant_reported_fraud_rate_30d',
  'ix_fanin_passthrough',
  'ix_risk_noisy_or',
])

/** By feature, the records of which two runs say different bits; those that one of them lacks under every feature. */
export function unequal(
  one: ReadonlyMap<string, Uint8Array>,
  other: ReadonlyMap<string, Uint8Array>,
): Map<string, number> {
  const counts = new Map(featureList.map(({ name }) => [name, 0]))
  for (const id of new Set([...one.keys(), ...other.keys()])) {
    const [a, b] = [one.get(id), other.get(id)]
    for (const [i, { name }] of featureList.entries()) {
      const at = i * 4
      const isEqual = a && b && Buffer.compare(a.subarray(at, at + 4), b.subarray(at, at + 4)) === 0
      if (!isEqual) counts.set(name, counts.get(name)! + 1)
    }
  }
  return counts
}

/** A line a feature, and the first difference of each that has one. */
export function parityTable(found: readonly FeatureParity[]): string {
  const number = (n: number): string => n.toLocaleString('en-IN')
  const lines = found.map(
    ({ name, compared, equal, close, different, beyond }) =>
      `${name.padEnd(34)}  ${[compared, equal, close, different, beyond].map((n) => number(n).padStart(10)).join('  ')}`,
  )
  const head = ['compared', 'equal', 'within 1e-6', 'different', 'beyond'].map((word) => word.padStart(10)).join('  ')
  const first = found.flatMap(({ first }) => first ?? []).slice(0, EXAMPLES_NAMED)
  const examples = first.map(
    ({ name, transactionId, streamed, expected }) => `  ${name} of ${transactionId} is ${streamed}, not ${expected}`,
  )
  return `${['feature'.padEnd(34).concat('  ', head), ...lines, ...examples].join('\n')}\n`
}
