const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Writes numbers and text one after another, big endian, into bytes that grow. */
export class ByteWriter {
  #bytes = new Uint8Array(256)
  #view = new DataView(this.#bytes.buffer)
  #length = 0

  u8(value: number): void {
    this.#room(1)
    this.#bytes[this.#length++] = value
  }

  u16(value: number): void {
    this.#room(2)
    this.#view.setUint16(this.#length, value)
    this.#length += 2
  }

  u32(value: number): void {
    this.#room(4)
    this.#view.setUint32(this.#length, value)
    this.#length += 4
  }

  f32(value: number): void {
    this.#room(4)
    this.#view.setFloat32(this.#length, value)
    this.#length += 4
  }

  f64(value: number): void {
    this.#room(8)
    this.#view.setFloat64(this.#length, value)
    this.#length += 8
  }

  /** A whole number from 0 to 2^53 in as few bytes as it needs, seven bits each, lowest first. */
  varint(value: number): void {
    this.#room(8)
    let rest = value
    while (rest >= 128) {
      this.#bytes[this.#length++] = (rest % 128) + 128
      rest = Math.floor(rest / 128)
    }
    this.#bytes[this.#length++] = rest
  }

  text(value: string): void {
    const bytes = encoder.encode(value)
    this.varint(bytes.length)
    this.#room(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length)
  }

  #room(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + bytes))
    grown.set(this.#bytes)
    this.#bytes = grown
    this.#view = new DataView(grown.buffer)
  }
}

/** Reads what `ByteWriter` wrote, in the same order. Reading past the end throws RangeError. */
export class ByteReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  u8(): number {
    return this.#view.getUint8(this.#at++)
  }

  u16(): number {
    this.#at += 2
    return this.#view.getUint16(this.#at - 2)
  }

  u32(): number {
    this.#at += 4
    return this.#view.getUint32(this.#at - 4)
  }

  f32(): number {
    this.#at += 4
    return this.#view.getFloat32(this.#at - 4)
  }

  f64(): number {
    this.#at += 8
    return this.#view.getFloat64(this.#at - 8)
  }

  varint(): number {
    let value = 0
    for (let unit = 1; ; unit *= 128) {
      const byte = this.u8()
      value += (byte & 127) * unit
      if (byte < 128) return value
    }
  }

  text(): string {
    const length = this.varint()
    if (this.#at + length > this.#bytes.length) throw new RangeError('text goes past the end of the bytes')
    this.#at += length
    return decoder.decode(this.#bytes.subarray(this.#at - length, this.#at))
  }
}
