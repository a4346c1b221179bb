import type { Transaction } from '#schemas/types.ts'
import { hash32 } from '#services/random.ts'

/** Approved payments remembered of each customer: two to three months of those who pay most. */
const KEPT = 512
const FIRST = 32

/** A customer's last payments, in a ring that grows up to `KEPT`. */
interface Ring {
  count: number
  ids: Float64Array
  parties: Float64Array
  /** Paise that have not been refunded. */
  left: Float64Array
}

/** The newest approved payments of each customer, by hashes, with what is left of them to be refunded. */
export class PaidLately {
  readonly #rings = new Map<string, Ring>()

  add(tx: Transaction): void {
    const ring = this.#ringOf(tx.customer_id)
    const at = ring.count++ % KEPT
    if (at === ring.ids.length) grow(ring)
    ring.ids[at] = idHash(tx.transaction_id)
    ring.parties[at] = partyHash(tx)
    ring.left[at] = tx.amount_minor
  }

  /** Takes a refund, or reversal, off what it names; answers what is wrong with it, or null. */
  refund(tx: Transaction): string | null {
    if (tx.original_transaction_id === null) return 'names no payment'
    const ring = this.#ringOf(tx.customer_id)
    const at = ring.ids.indexOf(idHash(tx.original_transaction_id))
    if (at < 0)
      return `names ${tx.original_transaction_id}, which is no approved payment of the customer's last ${KEPT}`
    if (ring.parties[at] !== partyHash(tx)) return `names ${tx.original_transaction_id}, which went to somebody else`
    const left = ring.left[at]!
    ring.left[at] = left - tx.amount_minor
    return tx.amount_minor <= left ? null : `${tx.amount_minor} paise, of which only ${left} were left`
  }

  #ringOf(customer: string): Ring {
    let ring = this.#rings.get(customer)
    if (ring === undefined) {
      const column = () => new Float64Array(FIRST)
      ring = { count: 0, ids: column(), parties: column(), left: column() }
      this.#rings.set(customer, ring)
    }
    return ring
  }
}

function grow(ring: Ring): void {
  const longer = (column: Float64Array): Float64Array => {
    const grown = new Float64Array(column.length * 2)
    grown.set(column)
    return grown
  }
  ring.ids = longer(ring.ids)
  ring.parties = longer(ring.parties)
  ring.left = longer(ring.left)
}

/** 52 bits, never 0, which an empty place holds. */
const idHash = (id: string): number => hash32(id) * 2 ** 20 + (hash32(id.slice(6)) >>> 12) + 1

/** Merchant, payee or cash machine; and the account and rail, which are the same for a refund. */
const partyHash = (tx: Transaction): number =>
  hash32(`${tx.merchant_id ?? tx.payee_id ?? tx.terminal_id ?? tx.merchant_name}/${tx.account_id}/${tx.payment_rail}`)
