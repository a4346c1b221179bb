import { merchantIndex } from './merchants.ts'

/** Branches of a chain in a city, or counters of a shop. */
export const BRANCHES = 8
/** ATMs of a city. */
export const ATMS = 64
const DIGITS = 36

const base36 = Array.from({ length: DIGITS * DIGITS }, (_, n) => n.toString(DIGITS).toUpperCase().padStart(2, '0'))

/** ISO 8583 DE41, 8 characters: T, the merchant's number, and n (0 to 46,655). The injector uses n beyond all branches for terminals of its own. */
export const terminalId = (merchantId: string, n: number): string => terminalOf(merchantIndex(merchantId), n)

/** The same by index in `merchantSites`. */
export const terminalOf = (merchant: number, n: number): string =>
  `T${base36[Math.floor(merchant / 1296)]!}${base36[merchant % 1296]!}${n.toString(DIGITS).toUpperCase().padStart(3, '0')}`

/** The n that stands for a branch (0 to 7) in a city. */
export const branchNumber = (city: number, branch: number): number => city * BRANCHES + branch

/** An ATM of a city: its terminal id, 8 characters. `n` is 0 to 63. */
export const atmTerminalId = (city: number, n: number): string =>
  `A${base36[city]!}${base36[Math.floor(n / 1296)]!}${base36[n % 1296]!}0`

/** What a cash withdrawal says of the ATM, which belongs to no merchant. */
export const atm = {
  mcc: '6011',
  merchantName: 'ATM',
  category: 'CASH',
  subcategory: 'ATM withdrawal',
  merchantType: 'UNKNOWN',
} as const
