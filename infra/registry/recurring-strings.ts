const SLOTS = 256
const TRIAL = 2048

/** What Node's buffers have and its types leave out; `toString` checks its arguments first. */
interface Sliceable {
  utf8Slice(from: number, to: number): string
}

/**
 * The strings of one field. Most fields hold one of a few (a city, a currency, a response code), and to find one that
 * is known costs a quarter of what making it anew does. A field that turns out to hold ever new ones is not looked up.
 */
export class RecurringStrings {
  readonly #known: string[] = new Array(SLOTS).fill('')
  #trial = TRIAL
  #missed = 0
  #recurring = true

  /** `length` is at least 1, and the bytes are there. */
  read(bytes: Buffer, from: number, length: number): string {
    if (!this.#recurring) return slice(bytes, from, length)
    const slot = this.#slot(bytes, from, length)
    const known = this.#known[slot]!
    if (known.length === length && isAt(known, bytes, from)) {
      if (this.#trial > 0) this.#trial--
      return known
    }
    const text = slice(bytes, from, length)
    this.#known[slot] = text
    if (this.#trial > 0) this.#miss()
    return text
  }

  #miss(): void {
    this.#trial--
    if (++this.#missed > TRIAL / 2) this.#recurring = false
  }

  #slot(bytes: Buffer, from: number, length: number): number {
    const to = from + length
    return (length * 7 + bytes[from]! + bytes[from + (length >> 1)]! * 31 + bytes[to - 1]! * 13) & (SLOTS - 1)
  }
}

const slice = (bytes: Buffer, from: number, length: number): string =>
  (bytes as unknown as Sliceable).utf8Slice(from, from + length)

/** Of a string of ASCII alone; another has not one unit a byte, or units that are no byte. */
function isAt(text: string, bytes: Buffer, from: number): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[from + i]) return false
  return true
}
