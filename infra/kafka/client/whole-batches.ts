/** A record batch as kafkajs decodes it: offsets are decimal. */
export interface DecodedBatch {
  readonly firstOffset: string
  readonly lastOffsetDelta: number
  readonly records: Record<string, unknown>[]
}

type DecodeBatch<Decoder> = (decoder: Decoder) => Promise<DecodedBatch>

/**
 * Lets a reader get past batches whose last records compaction has taken away.
 *
 * The broker keeps such a batch, empty if need be, for its producer's sake. kafkajs 2.2.4 goes on from the last record
 * that it sees: when a fetch brings nothing but empty batches it asks for the same offset for ever, and a state topic
 * can never be read again. So a batch ends with a control record, which nobody is shown, at the offset where it ends.
 */
export const wholeBatches =
  <Decoder>(own: DecodeBatch<Decoder>): DecodeBatch<Decoder> =>
  async (decoder) => {
    const batch = await own(decoder)
    const offset = (BigInt(batch.firstOffset) + BigInt(batch.lastOffsetDelta)).toString()
    if (batch.records.at(-1)?.offset === offset) return batch
    const { records: _, ...batchContext } = batch
    const end = { offset, key: null, value: null, headers: {}, isControlRecord: true, batchContext }
    return { ...batch, records: [...batch.records, end] }
  }
