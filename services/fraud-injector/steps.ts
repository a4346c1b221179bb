import type { Account } from './account.ts'
import type { EventStep, PaymentStep } from './method.ts'

type Needed = 'atMs' | 'phase' | 'sequence' | 'shape' | 'amountMinor' | 'change'

/** A payment step; what it does not say is as for most: it takes what there is, and nobody refuses it. */
export const payment = (step: Pick<PaymentStep, Needed> & Partial<PaymentStep>): PaymentStep => ({
  kind: 'payment',
  refusal: null,
  shortage: 'shrink',
  endsAtMinor: 0,
  quiet: false,
  inPerson: false,
  ...step,
})

export const event = (step: Pick<EventStep, 'atMs' | 'eventType' | 'deviceId'> & Partial<EventStep>): EventStep => ({
  kind: 'event',
  details: {},
  replaces: null,
  ...step,
})

/** Paise that a payment of this shape can draw on; 0 if the customer makes no such payments. */
export function spendable(account: Account, shape: string): number {
  const template = account.templates[shape]
  return template === undefined ? 0 : (account.statements[template.account_id]?.balanceMinor ?? 0)
}

/** Which of these shapes can draw on so much. */
export const affording = (account: Account, shapes: readonly string[], leastMinor: number): string[] =>
  shapes.filter((shape) => spendable(account, shape) >= leastMinor)
