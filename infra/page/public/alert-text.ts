import type { Severity } from '#schemas/types.ts'
import type { JudgedCard } from '#services/monitor/live/live-view.ts'
import type { CampaignView, Truth } from '#services/monitor/live/truths.ts'
import { count, duration, money, words } from '../../cli/view/format.ts'

/** Whether the truth agrees: a sign that needs no colour, a class, and words. */
export interface Verdict {
  readonly sign: string
  readonly kind: 'right' | 'wrong' | 'open'
  readonly text: string
}

/** Acronyms stay as they are written. */
const acronyms: Readonly<Record<string, string>> = {
  sim: 'SIM',
  otp: 'OTP',
  kyc: 'KYC',
  upi: 'UPI',
  atm: 'ATM',
  pos: 'POS',
  apk: 'APK',
  qr: 'QR',
  pan: 'PAN',
}

/** ACCOUNT_TAKEOVER as account takeover, SIM_SWAP as SIM swap. */
export const named = (constant: string): string =>
  words(constant)
    .split(' ')
    .map((word) => acronyms[word] ?? word)
    .join(' ')

const railNames: Readonly<Record<string, string>> = {
  UPI: 'UPI',
  UPI_LITE: 'UPI Lite',
  IMPS: 'IMPS',
  NEFT: 'NEFT',
  RTGS: 'RTGS',
  NACH: 'NACH',
  BNPL: 'pay-later',
}

/** UPI, or credit card. */
export const railName = (rail: string): string => railNames[rail] ?? words(rail)

/** ₹1,23,456, with paise where there are any. */
export const rupees = (minor: number): string => money(minor).replace(/\.00$/, '')

/** Who, what and where. */
export const whoText = ({
  customerId,
  amountMinor,
  rail,
  city,
}: Pick<JudgedCard, 'customerId' | 'amountMinor' | 'rail' | 'city'>): string =>
  `${customerId} · ${rupees(amountMinor)} by ${railName(rail)} in ${city}`

export function verdictOf(truth: Truth): Verdict {
  switch (truth.kind) {
    case 'fraud':
      return { sign: '✓', kind: 'right', text: `The truth agrees: ${fraudText(truth)}.` }
    case 'twin':
      return {
        sign: '≈',
        kind: 'wrong',
        text: `The truth disagrees: innocent, and made to look like ${named(truth.of)}.`,
      }
    case 'genuine':
      return { sign: '✕', kind: 'wrong', text: 'The truth disagrees: an ordinary payment.' }
    case 'unknown':
      return { sign: '…', kind: 'open', text: 'The truth is not in yet.' }
  }
}

/** account takeover (SIM swap). */
export const fraudText = ({ type, modus }: Pick<CampaignView, 'type' | 'modus'>): string =>
  modus === 'NONE' ? named(type) : `${named(type)} (${named(modus)})`

export const campaignText = ({ customerId, frauds, lossMinor }: CampaignView): string =>
  `${customerId} · ${count(frauds)} ${frauds === 1 ? 'payment' : 'payments'} · ${rupees(lossMinor)} lost`

/** How long the rules took. */
export function foundText({ firstFraudMs, firstAlertMs }: CampaignView): string {
  if (firstAlertMs === null) return 'no alert yet'
  return firstAlertMs <= firstFraudMs ? 'alert at once' : `alert after ${duration(firstAlertMs - firstFraudMs)}`
}

const ranks: readonly Severity[] = ['UNKNOWN', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL']

/** 0 for the least, 4 for the gravest. */
export const rankOf = (severity: Severity): number => ranks.indexOf(severity)
