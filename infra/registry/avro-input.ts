import type { RecurringStrings } from './recurring-strings.ts'

const float = new Float32Array(1)
const floatBytes = new Uint8Array(float.buffer)
const double = new Float64Array(1)
const doubleBytes = new Uint8Array(double.buffer)

/**
 * Avro's binary encoding out of a buffer. Each method reads a value at `position` and moves it. Bytes that are no
 * such value make `broken` true, for good; what is answered from then on means nothing, and avsc says what is wrong.
 */
export class AvroInput {
  bytes: Buffer = Buffer.alloc(0)
  position = 0
  broken = false

  /** Begins with other bytes. */
  open(bytes: Buffer, position: number): void {
    this.bytes = bytes
    this.position = position
    this.broken = false
  }

  /** Whether the bytes were exactly one value. */
  get complete(): boolean {
    return !this.broken && this.position === this.bytes.length
  }

  boolean(): boolean {
    return this.#byte() !== 0
  }

  int(): number {
    const n = this.#unsigned()
    if (n > 0xffffffff) this.broken = true
    return (n >>> 1) ^ -(n & 1)
  }

  long(): number {
    const n = this.#unsigned()
    if (n <= 0xffffffff) return (n >>> 1) ^ -(n & 1)
    return n % 2 === 0 ? n / 2 : -(n + 1) / 2
  }

  float(): number {
    for (let i = 0; i < 4; i++) floatBytes[i] = this.#byte()
    return float[0]!
  }

  double(): number {
    for (let i = 0; i < 8; i++) doubleBytes[i] = this.#byte()
    return double[0]!
  }

  string(strings: RecurringStrings): string {
    const length = this.#length()
    const from = this.position
    this.position += length
    return length === 0 ? '' : strings.read(this.bytes, from, length)
  }

  /** A copy: what was fetched from a broker is let go. */
  binary(): Buffer {
    const length = this.#length()
    const from = this.position
    this.position += length
    return Buffer.from(this.bytes.subarray(from, this.position))
  }

  symbol(symbols: readonly string[]): string {
    const n = this.#unsigned()
    const symbol = symbols[n / 2]
    if (symbol === undefined) this.broken = true
    return symbol ?? ''
  }

  /** Which branch of a union of two. */
  branch(): 0 | 1 {
    const byte = this.#byte()
    if (byte !== 0 && byte !== 2) this.broken = true
    return byte === 0 ? 0 : 1
  }

  array<Item>(read: (input: AvroInput) => Item): Item[] {
    const items: Item[] = []
    for (let count = this.#count(); count > 0 && !this.broken; ) {
      items.push(read(this))
      if (--count === 0) count = this.#count()
    }
    return items
  }

  map<Item>(key: RecurringStrings, read: (input: AvroInput) => Item): Record<string, Item> {
    const items: Record<string, Item> = {}
    for (let count = this.#count(); count > 0 && !this.broken; ) {
      const name = this.string(key)
      items[name] = read(this)
      if (--count === 0) count = this.#count()
    }
    return items
  }

  #byte(): number {
    const byte = this.bytes[this.position++]
    if (byte === undefined) this.broken = true
    return byte ?? 0
  }

  /** Items of a block. A negative count, which is followed by a size, is left to avsc. */
  #count(): number {
    const n = this.#unsigned()
    if (n % 2 === 1) this.broken = true
    return n / 2
  }

  /** Of what follows, in bytes; 0 if it is more than there are. */
  #length(): number {
    const n = this.#unsigned()
    const length = n / 2
    if (n % 2 === 0 && this.position + length <= this.bytes.length) return length
    this.broken = true
    return 0
  }

  /** Seven bits a byte, the lowest first, up to 2 ** 53. */
  #unsigned(): number {
    const first = this.#byte()
    if (first < 128) return first
    let n = first & 127
    for (let scale = 128; ; scale *= 128) {
      const byte = this.#byte()
      n += (byte & 127) * scale
      if (n > Number.MAX_SAFE_INTEGER || scale > 2 ** 53) {
        this.broken = true
        return 0
      }
      if (byte < 128) return n
    }
  }
}
