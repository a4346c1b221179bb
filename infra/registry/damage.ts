import type { Damage } from '#services/fold.ts'

/** Magic byte and schema id. */
const HEADER_BYTES = 5
/** The largest there is: no registry gets so far. */
const NO_SCHEMA = 0x7fffffff

/**
 * A copy of an encoded transaction that no reader takes for one, by the kind of damage:
 * - MAGIC_BYTE: the first byte is not 0;
 * - SCHEMA_ID: a schema that nobody has registered;
 * - TRUNCATED: the second half is missing;
 * - FLIPPED: bits of the first length are, so that a text seems longer than the record.
 */
export function damaged(bytes: Buffer, damage: Damage): Buffer {
  const copy = Buffer.from(bytes)
  switch (damage) {
    case 'MAGIC_BYTE':
      copy[0] = 0xff
      return copy
    case 'SCHEMA_ID':
      copy.writeUInt32BE(NO_SCHEMA, 1)
      return copy
    case 'TRUNCATED':
      return copy.subarray(0, HEADER_BYTES + Math.floor((copy.length - HEADER_BYTES) / 2))
    case 'FLIPPED':
      copy[HEADER_BYTES]! ^= 0xfe
      return copy
  }
}
