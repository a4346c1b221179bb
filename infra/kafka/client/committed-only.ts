/** A message as the client has decoded it, with the record batch that it came in. */
export interface FetchedMessage {
  readonly key: Buffer | null
  readonly offset: string
  readonly isControlRecord: boolean
  readonly batchContext: { readonly producerId: string; readonly inTransaction: boolean }
}

/** A transaction of a producer, from this offset to its abort marker, that never happened. */
export interface AbortedTransaction {
  readonly producerId: string
  readonly firstOffset: string
}

export interface Fetched<Message> {
  readonly messages: readonly Message[]
  /** In whatever order; absent or null when there are none. */
  readonly abortedTransactions?: readonly AbortedTransaction[] | null
}

/** Key of a control record that ends an aborted transaction: version 0, type 0. */
const ABORT = Buffer.from([0, 0, 0, 0])

/**
 * The messages of one fetch without those of aborted transactions.
 *
 * kafkajs 2.2.4 has a filter of its own, which takes for granted that aborted transactions are listed by their first
 * offset, and looks at one more of them with each message. The broker lists them by their end. So where two aborted
 * transactions overlap, as they do when a process with two producers is killed, aborted records came through as if
 * they had been committed: counted twice, and their offsets committed, which no later reader could ever reach.
 */
export function committedOnly<Message extends FetchedMessage>({
  messages,
  abortedTransactions,
}: Fetched<Message>): Message[] {
  const ahead = (abortedTransactions ?? [])
    .map(({ producerId, firstOffset }) => ({ producerId, firstOffset: BigInt(firstOffset) }))
    .sort((a, b) => Number(b.firstOffset - a.firstOffset))
  if (ahead.length === 0) return [...messages]
  const aborted = new Set<string>()
  return messages.filter(({ key, offset, isControlRecord, batchContext }) => {
    const at = BigInt(offset)
    for (let next = ahead.at(-1); next !== undefined && next.firstOffset <= at; next = ahead.at(-1)) {
      aborted.add(next.producerId)
      ahead.pop()
    }
    const { producerId, inTransaction } = batchContext
    if (isControlRecord) {
      if (key?.equals(ABORT)) aborted.delete(producerId)
      return true
    }
    return !(inTransaction && aborted.has(producerId))
  })
}
