/** The growing part of the client's encoder. */
export interface GrowingEncoder {
  buf: Buffer
  offset: number
  ensureAvailable(length: number): void
}

/**
 * Lets an encoder grow into memory that has not been filled with zeros: nobody sees what lies behind its offset. Of a
 * large request kafkajs fills a multiple of its size, for nothing.
 */
export function growUnzeroed<EncoderClass extends { readonly prototype: GrowingEncoder }>(
  encoder: EncoderClass,
): EncoderClass {
  encoder.prototype.ensureAvailable = function (length) {
    const needed = this.offset + length
    if (needed <= this.buf.length) return
    const larger = Buffer.allocUnsafe(2 ** Math.ceil(Math.log2(needed)))
    this.buf.copy(larger, 0, 0, this.offset)
    this.buf = larger
  }
  return encoder
}
