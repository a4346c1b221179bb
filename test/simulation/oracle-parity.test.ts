import { expect, test } from 'vitest'
import { featureList } from '#services/scorer/features.ts'
import { disorderedRecords } from '../helpers/oracle/disordered.ts'
import { holdAgainstOracle, ofEntities, unequal } from '../helpers/oracle/parity.ts'
import { streamed } from '../helpers/oracle/streamed.ts'

/** The same on a million records: `npm run oracle`. */
const world = disorderedRecords({ seed: 'sutlej', customers: 60, records: 6_000, duplicates: 0.02 })
const { arrivals, reports } = world
const runs = [3, 5].map((partitions) => ({
  partitions,
  ...streamed(world, { partitions, order: `sutlej ${partitions}`, restarts: 0.1 }),
}))

/** Names and first examples of features that are not what the oracle says. */
const wrong = (partitions: number, rows: ReadonlyMap<string, Uint8Array>) =>
  holdAgainstOracle(arrivals, reports, partitions, rows).flatMap(({ first }) => first ?? [])

test.each(runs)(
  'on $partitions partitions, started anew now and then, every feature is what the oracle says',
  ({ partitions, rows, restarts, duplicates }) => {
    expect(restarts).toBeGreaterThan(2)
    expect(duplicates).toBe(arrivals.length - rows.size)
    expect(duplicates).toBeGreaterThan(50)
    expect(wrong(partitions, rows)).toEqual([])
  },
)

test('3 and 5 partitions make the same bits of every feature that is of a customer alone', () => {
  const counts = unequal(runs[0]!.rows, runs[1]!.rows)
  expect([...counts].filter(([name, count]) => count > 0 && !ofEntities.has(name))).toEqual([])
})

test('a value that is wrong, and a row that is not there, are found', () => {
  const rows = new Map(runs[0]!.rows)
  const [changed, lost] = [arrivals[1_000]!.transaction_id, arrivals[2_000]!.transaction_id]
  const bytes = Uint8Array.from(rows.get(changed)!)
  const at = featureList.findIndex(({ name }) => name === 'txn_count_24h')
  new DataView(bytes.buffer).setFloat32(at * 4, 99, true)
  rows.set(changed, bytes)
  expect(wrong(3, rows)).toMatchObject([{ name: 'txn_count_24h', transactionId: changed, streamed: 99 }])
  rows.delete(lost)
  expect(wrong(3, rows).length).toBe(featureList.length)
  expect(unequal(rows, runs[0]!.rows).get('amount_zscore_30d')).toBe(1)
})
