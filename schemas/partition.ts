/**
 * Kafka's own murmur2 over the UTF-8 bytes of a key, so that records land where Java's default partitioner puts them.
 * Keys here are ASCII: one byte a character.
 */
export function murmur2(key: string): number {
  const length = key.length
  let h = 0x9747b28c ^ length
  let i = 0
  for (; i + 4 <= length; i += 4) {
    let k = byte(key, i) | (byte(key, i + 1) << 8) | (byte(key, i + 2) << 16) | (byte(key, i + 3) << 24)
    k = Math.imul(k, 0x5bd1e995)
    k ^= k >>> 24
    h = Math.imul(h, 0x5bd1e995) ^ Math.imul(k, 0x5bd1e995)
  }
  if (i < length) {
    for (let j = length - 1; j >= i; j--) h ^= byte(key, j) << (8 * (j - i))
    h = Math.imul(h, 0x5bd1e995)
  }
  h ^= h >>> 13
  h = Math.imul(h, 0x5bd1e995)
  return h ^ (h >>> 15)
}

/** The partition of a key among `partitions`, as Kafka's default partitioner chooses it. */
export function partitionOf(key: string, partitions: number): number {
  return (murmur2(key) & 0x7fffffff) % partitions
}

function byte(text: string, index: number): number {
  const code = text.charCodeAt(index)
  if (code > 127) throw new RangeError(`key ${JSON.stringify(text)} is not ASCII`)
  return code
}
