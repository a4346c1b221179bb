import type { Random } from '../random.ts'

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** Ten bits as two characters of Crockford's base 32. */
const pairs = Array.from({ length: 1024 }, (_, n) => CROCKFORD[n >> 5]! + CROCKFORD[n & 31]!)
const hex16 = Array.from({ length: 65_536 }, (_, n) => n.toString(16).padStart(4, '0'))
const digits3 = Array.from({ length: 1000 }, (_, n) => String(n).padStart(3, '0'))

/** 8 hexadecimal digits of a 32-bit word. */
export const hex8 = (word: number): string => hex16[word >>> 16]! + hex16[word & 0xffff]!

const digits6 = (n: number): string => digits3[Math.floor(n / 1000)]! + digits3[n % 1000]!

/** A 32-bit hash of two words (murmur3's finaliser over their sum): ids that belong to one owner differ, and look unlike. */
export function mix(a: number, b: number): number {
  let h = Math.imul(a ^ (b + 0x9e3779b9), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13) ^ Math.imul(b, 0x27d4eb2f), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** ULID: 48 bits of the time, 80 bits of chance, 26 characters. Three draws. */
export function transactionId(timeMs: number, random: Random): string {
  const high = Math.floor(timeMs / 2 ** 20)
  const low = timeMs % 2 ** 20
  const a = random.uint32()
  const b = random.uint32()
  const c = random.uint32()
  // V8 copies texts below 13 characters and links longer ones: two halves of 12 are the fewest links.
  const time = pairs[high >>> 20]! + pairs[(high >>> 10) & 1023]! + pairs[high & 1023]!
  const first = time + pairs[low >>> 10]! + pairs[low & 1023]! + pairs[a >>> 22]!
  const middle = pairs[(a >>> 12) & 1023]! + pairs[(a >>> 2) & 1023]! + pairs[((a & 3) << 8) | (b >>> 24)]!
  const last = pairs[(b >>> 14) & 1023]! + pairs[(b >>> 4) & 1023]! + pairs[((b & 15) << 6) | (c >>> 26)]!
  return first + (middle + last) + pairs[(c >>> 16) & 1023]!
}

/** ULID of a customer event. */
export const eventId = transactionId

/** 12 digits as switches number them: last digit of the year, day of the year, hour, then six by chance. UTC. */
export function retrievalReference(timeMs: number, random: Random): string {
  const hours = Math.floor(timeMs / 3_600_000)
  const days = Math.floor(hours / 24)
  if (days !== prefixDay) setPrefix(days)
  return dayPrefix + digits3[hours % 24]!.slice(1) + digits6(random.below(1_000_000))
}

let prefixDay = -1
let dayPrefix = ''

function setPrefix(days: number): void {
  const year = new Date(days * 86_400_000).getUTCFullYear()
  prefixDay = days
  dayPrefix = String(year % 10) + digits3[days - Date.UTC(year, 0, 1) / 86_400_000 + 1]!
}

/** ISO 8583 DE11, 6 digits. */
export const traceNumber = (random: Random): string => digits6(random.below(1_000_000))

/** CUST and 7 digits; `n` is 1 to 9,999,999. */
export const customerId = (n: number): string => `CUST${Math.floor(n / 1_000_000)}${digits6(n % 1_000_000)}`

/** The number in a customer id; NaN for other text. */
export const customerNumber = (id: string): number => Number(id.slice(4))

/** An account token of a 32-bit hash. */
export const accountId = (hash: number): string => `AC${hex8(hash)}${hex16[mix(hash, 1) & 0xffff]!}`

export type InstrumentKind = 'CARD' | 'VPA' | 'WALLET' | 'ACCOUNT' | 'MANDATE' | 'CASH'

const instrumentPrefixes: Readonly<Record<InstrumentKind, string>> = {
  CARD: 'tok_',
  VPA: 'vpa_',
  WALLET: 'wal_',
  ACCOUNT: 'acc_',
  MANDATE: 'umn_',
  CASH: 'csh_',
}

/** A card token, or the hash of a UPI handle, wallet, account or mandate: a prefix and 16 hexadecimal digits. */
export const instrumentToken = (kind: InstrumentKind, hash: number): string =>
  instrumentPrefixes[kind] + hex8(hash) + hex8(mix(hash, 2))

/** A phone or computer by a 32-bit hash: D and 12 hexadecimal digits. */
export const deviceId = (hash: number): string => `D${hex8(hash)}${hex16[mix(hash, 3) & 0xffff]!}`

/** Who receives a transfer, by a 32-bit hash: PAY and 10 hexadecimal digits. */
export const payeeId = (hash: number): string => `PAY${hex8(hash)}${hex16[mix(hash, 4) & 0xffff]!.slice(2)}`

/** Where a parcel goes, by a 32-bit hash: 8 hexadecimal digits. */
export const shippingAddressHash = (hash: number): string => hex8(hash)

/** First octets that Indian providers hold many addresses under. */
const firstOctets = [27, 42, 47, 49, 59, 61, 103, 106, 110, 112, 115, 117, 122, 152, 157, 223]
const octets = Array.from({ length: 256 }, (_, n) => `.${n}`)

/** The /24 of an Indian address, by a 32-bit hash; three octets, such as 49.36.112. */
export const ipPrefix = (hash: number): string =>
  firstOctets[hash >>> 28]! + octets[(hash >>> 12) & 255]! + octets[hash & 255]!
