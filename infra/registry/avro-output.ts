const SHORT = 64
/** Up to here, twice a number and one less are exact in a double. */
const EXACT = 2 ** 52
/** Where a number's bytes can be seen. Avro is little-endian, and so is every machine that Node runs on. */
const float = new Float32Array(1)
const floatBytes = new Uint8Array(float.buffer)
const double = new Float64Array(1)
const doubleBytes = new Uint8Array(double.buffer)

/**
 * Avro's binary encoding into a buffer. Each method writes a value at `position`, moves it, and answers whether the
 * value fits its type: false leaves the rest to avsc, which knows how to name the mistake.
 *
 * What lies beyond the end of `bytes` is not written, yet counted: a position past the end asks for a larger buffer.
 */
export class AvroOutput {
  bytes: Buffer
  position = 0

  constructor(bytes: Buffer) {
    this.bytes = bytes
  }

  boolean(value: unknown): boolean {
    if (typeof value !== 'boolean') return false
    this.bytes[this.position++] = value ? 1 : 0
    return true
  }

  int(value: unknown): boolean {
    if (typeof value !== 'number' || (value | 0) !== value) return false
    this.#varint(((value << 1) ^ (value >> 31)) >>> 0)
    return true
  }

  long(value: unknown): boolean {
    if (typeof value !== 'number' || value % 1 !== 0 || Math.abs(value) > EXACT) return false
    if ((value | 0) === value) {
      this.#varint(((value << 1) ^ (value >> 31)) >>> 0)
      return true
    }
    const zigzag = value > 0 ? value * 2 : -value * 2 - 1
    const high = Math.floor(zigzag / 2 ** 28)
    return this.#wide(zigzag - high * 2 ** 28, high)
  }

  float(value: unknown): boolean {
    if (typeof value !== 'number') return false
    float[0] = value
    for (let i = 0; i < 4; i++) this.bytes[this.position + i] = floatBytes[i]!
    this.position += 4
    return true
  }

  double(value: unknown): boolean {
    if (typeof value !== 'number') return false
    double[0] = value
    for (let i = 0; i < 8; i++) this.bytes[this.position + i] = doubleBytes[i]!
    this.position += 8
    return true
  }

  string(value: unknown): boolean {
    if (typeof value !== 'string') return false
    const { length } = value
    if (length >= SHORT) return this.#text(value)
    const { bytes, position } = this
    // Zigzag of a number below 64 is one byte.
    bytes[position] = length << 1
    for (let i = 0; i < length; i++) {
      const code = value.charCodeAt(i)
      if (code > 127) return this.#text(value)
      bytes[position + 1 + i] = code
    }
    this.position = position + 1 + length
    return true
  }

  /** Takes any Uint8Array; avsc takes Buffers only. */
  binary(value: unknown): boolean {
    if (!(value instanceof Uint8Array)) return false
    this.#varint(value.length * 2)
    if (this.position + value.length <= this.bytes.length) this.bytes.set(value, this.position)
    this.position += value.length
    return true
  }

  /** A symbol by its number. */
  symbol(numbers: ReadonlyMap<unknown, number>, value: unknown): boolean {
    const number = numbers.get(value)
    if (number === undefined) return false
    this.#varint(number * 2)
    return true
  }

  /** Which branch of a union of two. */
  branch(index: 0 | 1): true {
    this.bytes[this.position++] = index * 2
    return true
  }

  array(write: (output: AvroOutput, item: unknown) => boolean, value: unknown): boolean {
    if (!Array.isArray(value)) return false
    if (value.length > 0) this.#varint(value.length * 2)
    for (const item of value) if (!write(this, item)) return false
    this.#varint(0)
    return true
  }

  map(write: (output: AvroOutput, item: unknown) => boolean, value: unknown): boolean {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
    const entries = Object.entries(value)
    if (entries.length > 0) this.#varint(entries.length * 2)
    for (const [key, item] of entries) if (!this.string(key) || !write(this, item)) return false
    this.#varint(0)
    return true
  }

  #text(value: string): boolean {
    const length = Buffer.byteLength(value)
    this.#varint(length * 2)
    if (this.position + length <= this.bytes.length) this.bytes.write(value, this.position)
    this.position += length
    return true
  }

  /** Seven bits a byte, the lowest first. `n` is below 2 ** 32. */
  #varint(n: number): void {
    while (n > 127) {
      this.bytes[this.position++] = (n & 127) | 128
      n >>>= 7
    }
    this.bytes[this.position++] = n
  }

  /** A number of 28 low bits and what is above them, 26 bits at the most. */
  #wide(low: number, high: number): true {
    const { bytes, position } = this
    bytes[position] = (low & 127) | 128
    bytes[position + 1] = ((low >>> 7) & 127) | 128
    bytes[position + 2] = ((low >>> 14) & 127) | 128
    bytes[position + 3] = (low >>> 21) | 128
    this.position = position + 4
    this.#varint(high)
    return true
  }
}
