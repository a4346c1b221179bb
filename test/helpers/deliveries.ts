import type { DeliveryFault, GroundTruth, Transaction } from '#schemas/types.ts'

/** What was sent of a stream with disorder, each topic in its order. */
export interface Sent {
  /** Those that can be read. */
  readonly transactions: readonly Transaction[]
  readonly truths: readonly GroundTruth[]
  readonly faults: readonly DeliveryFault[]
  /** Event time up to which everything has come about. */
  readonly untilMs: number
}

/** How often a transaction comes readably, by what befell it; what was not due by the end may still be on its way. */
function timesDue(fault: DeliveryFault | undefined, untilMs: number): number {
  if (fault === undefined) return 1
  const isDue = fault.event_time + fault.delay_ms <= untilMs
  switch (fault.kind) {
    case 'LATE':
    case 'OUT_OF_ORDER':
      return isDue ? 1 : 0
    case 'DUPLICATE':
      return isDue ? 2 : 1
    default:
      return 0
  }
}

/** What does not fit, a line each: truth, transactions and faults must account for one another. */
export function unaccounted({ transactions, truths, faults, untilMs }: Sent): string[] {
  const found: string[] = []
  const known = new Set(truths.map((truth) => truth.transaction_id))
  if (known.size !== truths.length) found.push('a transaction has two truths')
  const byId = new Map(faults.map((fault) => [fault.transaction_id, fault]))
  if (byId.size !== faults.length) found.push('a transaction has two faults')
  const copies = Map.groupBy(transactions, (tx) => tx.transaction_id)
  for (const id of copies.keys()) if (!known.has(id)) found.push(`${id} came and has no truth`)
  for (const id of byId.keys()) if (!known.has(id)) found.push(`${id} has a fault and no truth`)
  for (const id of known) {
    const came = copies.get(id) ?? []
    const due = timesDue(byId.get(id), untilMs)
    if (came.length !== due)
      found.push(`${id} came ${came.length} times, not ${due}: ${byId.get(id)?.kind ?? 'no fault'}`)
    const texts = new Set(came.map((tx) => JSON.stringify({ ...tx, intended_at: null })))
    if (texts.size > 1) found.push(`${id} came in different words`)
  }
  return found
}
