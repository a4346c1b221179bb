import type { FaultKind, Transaction } from '#schemas/types.ts'
import type { Damage } from '../fold.ts'
import { hash32, type Random } from '../random.ts'
import type { Settings } from '../settings.ts'
import type { Account } from './account.ts'
import type { Chance } from './chance.ts'
import type { Dials } from './dials.ts'
import delays from './disorder.json' with { type: 'json' }
import { draw } from './spread.ts'
import type { InjectorTotals } from './totals.ts'

export type Fault = Exclude<FaultKind, 'UNKNOWN'>

/** What befalls a transaction on its way. */
export interface Mishap {
  readonly kind: Fault
  /** Event time until it is delivered, or delivered again; 0 where it is neither. */
  readonly delayMs: number
  /** Of one that arrives damaged. */
  readonly damage?: Damage
}

/** A transaction that is delivered later than it should be, or once more. */
export interface Parcel {
  readonly atMs: number
  readonly value: Transaction
  /** It has been delivered before. */
  readonly again: boolean
}

/** Of one customer at a time; the state of an account is saved often. */
const PARCELS_MAX = 16

const damages: readonly Damage[] = ['MAGIC_BYTE', 'SCHEMA_ID', 'TRUNCATED', 'FLIPPED']

/** The delivery path: by the transaction's identifier alone, so that order, batches and restarts change nothing. */
export class Disorder {
  readonly #dials: Dials
  readonly #chance: Chance

  constructor(dials: Dials, chance: Chance) {
    this.#dials = dials
    this.#chance = chance
  }

  /**
   * What befalls a transaction; null for most. Call it when the transaction comes about, not when it is sent: what is to
   * come later waits in the account from then on.
   */
  befall(tx: Transaction, account: Account, totals: InjectorTotals): Mishap | null {
    const { disorder } = this.#dials.of(totals)
    if (!isAsked(disorder)) return null
    const random = this.#chance.delivery(hash32(tx.transaction_id))
    const kind = kindAt(random.unit(), disorder)
    if (kind === null) return null
    if (kind === 'DROPPED') return { kind, delayMs: 0 }
    if (kind === 'CORRUPT') return { kind, delayMs: 0, damage: random.pick(damages) }
    if (account.parcels.length >= PARCELS_MAX) return null
    const delayMs = delayOf(kind, random)
    keep(account, { atMs: tx.event_time + delayMs, value: tx, again: kind === 'DUPLICATE' })
    return { kind, delayMs }
  }
}

const isAsked = ({ late, outOfOrder, duplicate, corrupt, dropped }: Settings['disorder']): boolean =>
  late > 0 || outOfOrder > 0 || duplicate > 0 || corrupt > 0 || dropped > 0

function kindAt(unit: number, { late, outOfOrder, duplicate, corrupt, dropped }: Settings['disorder']): Fault | null {
  const shares = { LATE: late, OUT_OF_ORDER: outOfOrder, DUPLICATE: duplicate, CORRUPT: corrupt, DROPPED: dropped }
  let left = unit
  for (const [kind, share] of Object.entries(shares) as [Fault, number][]) {
    left -= share
    if (left < 0) return kind
  }
  return null
}

/** At least a millisecond, so that what is delayed comes after what it was made with. */
function delayOf(kind: keyof Omit<typeof delays, 'note'>, random: Random): number {
  const { delay, unitMs } = delays[kind]
  return Math.max(1, Math.round(draw(delay, random) * unitMs))
}

/** Earliest first. */
function keep({ parcels }: Account, parcel: Parcel): void {
  const after = parcels.findIndex(({ atMs }) => atMs > parcel.atMs)
  parcels.splice(after < 0 ? parcels.length : after, 0, parcel)
}
