/**
 * What customers have and owe, as columns; with the number of a customer's phone and which contacts are known, it is
 * all that outlives a day. Every change is exact: paise are whole numbers far below 2^53.
 */
export class Ledger {
  readonly savings: Float64Array
  /** Owed on the credit card and the pay-later account. */
  readonly cardOwed: Float64Array
  readonly payLaterOwed: Float64Array
  /** A bill paid from the savings account whose credit has not reached the card, or pay-later, account yet. */
  readonly cardInTransit: Float64Array
  readonly payLaterInTransit: Float64Array
  /** On the UPI Lite and wallet accounts; and rupees loaded that have not arrived there yet. */
  readonly liteMinor: Float64Array
  readonly walletMinor: Float64Array
  readonly liteInTransit: Uint16Array
  readonly walletInTransit: Uint16Array
  /** What a refused payment leaves to be done: one bit each, `pending`. */
  readonly pending: Uint16Array
  /** The most that the customer has allowed for one bank transfer, beyond the first: lakhs of rupees. */
  readonly extraLakhs: Uint16Array
  /** Moved on the civil day `useDay`: by UPI to people, and at cash machines. */
  readonly transferredMinor: Float64Array
  readonly withdrawnMinor: Float64Array
  /** The payment whose money will come back, if any: its time, when that is due (0: none does), and how much at most. */
  readonly returnOfMs: Float64Array
  readonly returnDueMs: Float64Array
  readonly returnLeftMinor: Float64Array
  /** Phones since the start of history. */
  readonly phone: Uint16Array
  /** The last day on which a new phone was looked for. */
  readonly phoneDay: Uint16Array
  /** One bit for each contact that has been paid. */
  readonly knownContacts: Uint16Array
  readonly useDay: Uint16Array
  /** UPI payments to people on that day. */
  readonly transfers: Uint16Array
  /** Of the payment whose money will come back: merchant, contact or cash machine; and the rest, as refund.ts packs it. */
  readonly returnParty: Uint16Array
  readonly returnHow: Uint16Array

  readonly #bytes: Uint8Array

  constructor(count: number) {
    const buffer = new ArrayBuffer(count * BYTES_PER_CUSTOMER)
    const money = (column: number) => new Float64Array(buffer, column * 8 * count, count)
    const small = (column: number) => new Uint16Array(buffer, (MONEY * 8 + column * 2) * count, count)
    this.savings = money(0)
    this.cardOwed = money(1)
    this.payLaterOwed = money(2)
    this.cardInTransit = money(3)
    this.payLaterInTransit = money(4)
    this.transferredMinor = money(5)
    this.withdrawnMinor = money(6)
    this.returnOfMs = money(7)
    this.returnDueMs = money(8)
    this.returnLeftMinor = money(9)
    this.liteMinor = money(10)
    this.walletMinor = money(11)
    this.phone = small(0)
    this.phoneDay = small(1)
    this.knownContacts = small(2)
    this.useDay = small(3)
    this.transfers = small(4)
    this.returnParty = small(5)
    this.returnHow = small(6)
    this.liteInTransit = small(7)
    this.walletInTransit = small(8)
    this.pending = small(9)
    this.extraLakhs = small(10)
    this.#bytes = new Uint8Array(buffer)
  }

  copyTo(snapshot: Uint8Array): void {
    snapshot.set(this.#bytes)
  }

  /** Throws a RangeError for a snapshot of another number of customers. */
  restore(snapshot: Uint8Array): void {
    if (snapshot.length !== this.#bytes.length) {
      throw new RangeError(`ledger has ${this.#bytes.length} bytes, the snapshot ${snapshot.length}`)
    }
    this.#bytes.set(snapshot)
  }

  get byteLength(): number {
    return this.#bytes.length
  }
}

/** Bits of `Ledger.pending`: mandates to be presented again, and a PIN to be set anew. */
export const pending = { LOAN: 1, SAVING: 2, PIN: 4 } as const

/** Columns of money and moments, and small ones; the byte order is the machine's, little-endian on all that run Node. */
const MONEY = 12
const SMALL = 11
const BYTES_PER_CUSTOMER = MONEY * 8 + SMALL * 2
