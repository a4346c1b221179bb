import type { Category, PaymentRail } from '#schemas/types.ts'
import data from './data/limits.json' with { type: 'json' }

const PAISE = 100
const rupees = data.rupees

/** When UPI's limits for some categories were raised (NPCI). */
const RAISED_MS = Date.parse(`${rupees.UPI_HIGH_CATEGORY_FROM}T00:00:00+05:30`)

/** Categories whose verified merchants take up to 5 lakh by UPI (NPCI, 15 September 2025); 2 lakh before. */
const highLimitCategories: ReadonlySet<Category> = new Set([
  'INVESTMENTS',
  'INSURANCE',
  'TRAVEL',
  'GOVERNMENT',
  'LOANS_CARDS',
])

/** The most that one payment may be at a moment, paise; Infinity where the rail sets none. */
export function limitMinor(rail: PaymentRail, category: Category, timeMs: number): number {
  switch (rail) {
    case 'UPI':
      return upiRupees(category, timeMs >= RAISED_MS) * PAISE
    case 'UPI_LITE':
      return rupees.UPI_LITE_TXN * PAISE
    case 'IMPS':
      return rupees.IMPS_TXN * PAISE
    default:
      return Number.POSITIVE_INFINITY
  }
}

function upiRupees(category: Category, raised: boolean): number {
  if (category === 'JEWELLERY') return raised ? rupees.UPI_JEWELLERY_TXN : rupees.UPI_JEWELLERY_TXN_BEFORE
  if (!highLimitCategories.has(category)) return rupees.UPI_P2M_DEFAULT_TXN
  return raised ? rupees.UPI_HIGH_CATEGORY_TXN : rupees.UPI_HIGH_CATEGORY_TXN_BEFORE
}

/** Until when people could ask each other for money by UPI (NPCI). */
export const upiCollectUntilMs = Date.parse(`${rupees.UPI_COLLECT_P2P_END}T00:00:00+05:30`)

/** Limits in paise that are no rail's single-payment limit. Sources and confidence: data/limits.json. */
export const limits = {
  upiTransferDayMinor: rupees.UPI_P2P_DAY * PAISE,
  upiTransfersDay: rupees.UPI_TXN_COUNT_DAY_P2P,
  upiNewDeviceDayMinor: rupees.UPI_NEW_DEVICE_24H * PAISE,
  upiCollectMinor: rupees.UPI_COLLECT_P2P * PAISE,
  contactlessMinor: rupees.CARD_CONTACTLESS_NO_PIN * PAISE,
  mandateMinor: rupees.EMANDATE_NO_AFA * PAISE,
  atmMinor: rupees.ATM_TXN_TYPICAL * PAISE,
  atmDayMinor: rupees.ATM_DAY_TYPICAL * PAISE,
  impsMinor: rupees.IMPS_TXN * PAISE,
  liteBalanceMinor: rupees.UPI_LITE_BALANCE * PAISE,
  walletBalanceMinor: rupees.WALLET_BALANCE_SMALL_KYC * PAISE,
  /** Below what a PAN is asked for, in whole notes. */
  cashDepositMinor: (rupees.PAN_CASH_DEPOSIT_DAY - 500) * PAISE,
  rtgsMinimumMinor: rupees.RTGS_MIN * PAISE,
} as const
