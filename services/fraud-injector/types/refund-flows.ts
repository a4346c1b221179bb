import type { Account, Template } from '../account.ts'
import type { Change, PaymentStep } from '../method.ts'
import { boughtOnline } from '../shops.ts'
import { affording, payment } from '../steps.ts'

/** How things are ordered, and paid for in shops; money comes back this way for honest customers, too. */
const online = [
  'CREDIT_CARD/ECOM/AUTHORISATION',
  'UPI/MOBILE_APP/AUTHORISATION',
  'PREPAID_WALLET/MOBILE_APP/AUTHORISATION',
]
const inShops = ['UPI/QR/AUTHORISATION', 'CREDIT_CARD/POS/AUTHORISATION']

/** Shapes that can draw on so much, and of which the customer's newest payment was for something that comes as a parcel. */
export const orderShapes = (account: Account, leastMinor: number): string[] =>
  affording(account, online, leastMinor).filter((shape) => account.templates[shape]!.shipping_city !== null)

export const shopShapes = ({ templates }: Account): string[] =>
  inShops.filter((shape) => templates[shape] !== undefined)

/** A shape on another account of the customer, to which money can come back as well; undefined for who has none. Wallets hold too little. */
export const otherShape = ({ templates }: Account, shape: string): string | undefined =>
  [...online.filter((other) => !other.startsWith('PREPAID_WALLET')), ...inShops].find((other) => {
    const account = templates[other]?.account_id
    return account !== undefined && account !== templates[shape]?.account_id
  })

interface Order {
  readonly shape: string
  readonly template: Template
  readonly site: number
  readonly amountMinor: number
}

/** The i-th order, to where the template's parcel went. Its campaign keeps its name, so that it can be given back. */
export const ordered = (atMs: number, i: number, { shape, template, site, amountMinor }: Order): PaymentStep =>
  payment({
    atMs,
    phase: 'purchase',
    sequence: i + 1,
    shape,
    amountMinor,
    change: boughtOnline(template, site),
    shortage: 'decline',
    // Money may come back to an account that is empty; until then, what cannot be paid is not bought.
    endsAtMinor: -1,
    quiet: true,
    keptAs: `purchase/${i}`,
  })

interface Money {
  readonly shape: string
  readonly amountMinor: number
  /** Who gives it back. */
  readonly merchant: Change
  /** The fact that names the purchase. */
  readonly undoes: string
}

/** A refund. */
export const moneyBack = (atMs: number, phase: string, { merchant, ...money }: Money): PaymentStep =>
  payment({ atMs, phase, sequence: 1, ...money, change: merchant, shortage: 'decline', endsAtMinor: -1 })

/** What a purchase and its refund both say of the merchant. */
export const merchantOf = ({ change }: PaymentStep): Change => {
  const { merchant_id, mcc, merchant_name, category, subcategory, merchant_type } = change as Required<Change>
  return { merchant_id, mcc, merchant_name, category, subcategory, merchant_type }
}
