import type { PaymentRail } from '#schemas/types.ts'

const MINOR_PER_POINT = 10_000

/** Points that an approved payment earns: one for every hundred rupees on a credit card. */
export const pointsEarned = (rail: PaymentRail, amountMinor: number): number =>
  rail === 'CREDIT_CARD' ? Math.floor(amountMinor / MINOR_PER_POINT) : 0
