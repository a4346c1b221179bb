import type { Random } from '../../random.ts'
import { MINUTE_MS } from '../../time.ts'
import type { Account } from '../account.ts'
import { fraudTypes } from '../fraud-types.ts'
import type { PaymentStep } from '../method.ts'
import { draw } from '../spread.ts'
import { moments, payment, spendable } from '../steps.ts'

const row = fraudTypes.MULE_ACCOUNT
const RUPEE = 100
const CREDIT_SHAPE = 'UPI/MOBILE_APP/CREDIT'
export const UPI_SHAPE = 'UPI/MOBILE_APP/TRANSFER'
const IMPS_SHAPE = 'IMPS/MOBILE_APP/TRANSFER'

/** The last credit of this shape may have been family support. */
const fromAPerson = {
  category: 'TRANSFER',
  subcategory: 'Person to person, received',
  merchant_type: 'INDIVIDUAL',
} as const

/** An account that receives from people, can send, and holds little of its own: rented, new or lent for a commission. */
export const canBeMule = (account: Account): boolean =>
  account.templates[CREDIT_SHAPE] !== undefined &&
  sendShape(account) !== undefined &&
  spendable(account, CREDIT_SHAPE) <= row.balanceRupeesMax * RUPEE

/** How money leaves the account that it came to: at once and in any sum, or by UPI. */
export const sendShape = ({ templates }: Account): string | undefined =>
  [IMPS_SHAPE, UPI_SHAPE].find((shape) => templates[shape]?.account_id === templates[CREDIT_SHAPE]?.account_id)

/** Money that comes in, from a person whom the record does not name. */
export const received = (atMs: number, phase: string, i: number, amountMinor: number, quiet: boolean): PaymentStep =>
  payment({
    atMs,
    phase,
    sequence: i + 1,
    shape: CREDIT_SHAPE,
    amountMinor,
    change: fromAPerson,
    shortage: 'decline',
    // Money may come to an account that is empty.
    endsAtMinor: -1,
    quiet,
  })

/** Round sums for most, and never more than there is. */
export function roundDown(minor: number, random: Random): number {
  const unit = random.chance(row.fanOut.roundShare) ? (minor >= 20_000 * RUPEE ? 5_000 : 1_000) : 10
  const rounded = Math.floor(minor / (unit * RUPEE)) * unit * RUPEE
  return rounded > 0 ? rounded : Math.floor(minor / RUPEE) * RUPEE
}

/** Within their phase, from 1 in the order of time. */
export const numbered = (steps: readonly PaymentStep[]): PaymentStep[] =>
  [...steps].sort((a, b) => a.atMs - b.atMs).map((step, i) => ({ ...step, sequence: i + 1 }))

/** A few rupees go to the ring, and come back: the account can pay, and can be paid. */
export function tested(fromMs: number, payees: readonly string[], shape: string, random: Random): PaymentStep[] {
  const { count, gapMinutes, rupees, backAfterMinutes } = row.test
  const steps = moments(fromMs, draw(count, random), gapMinutes, MINUTE_MS, random).flatMap((atMs, i) => {
    const amountMinor = Math.round(draw(rupees, random)) * RUPEE
    const change = { payee_id: payees[i % payees.length]! }
    const common = { phase: 'test', sequence: 1, amountMinor, quiet: true, shortage: 'decline' } as const
    const backMs = atMs + Math.round(draw(backAfterMinutes, random) * MINUTE_MS)
    return [payment({ ...common, atMs, shape, change }), received(backMs, 'test', i, amountMinor, true)]
  })
  return numbered(steps)
}
