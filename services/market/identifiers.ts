import { type Random, streamKey } from '../random.ts'

const codesOf = (text: string): number[] => Array.from(text, (character) => character.charCodeAt(0))
const crockford = codesOf('0123456789ABCDEFGHJKMNPQRSTVWXYZ')
const hexadecimal = codesOf('0123456789abcdef')
const digits3 = Array.from({ length: 1000 }, (_, n) => String(n).padStart(3, '0'))

/*
 * Identifiers are made of character codes in one go. V8 links texts of 13 characters and more instead of copying them,
 * and whoever reads them first, the encoder, has to put them together: twice the work.
 */
const textOf = (codes: readonly number[]): string => String.fromCharCode.apply(null, codes as number[])

/** Makes identifiers of a prefix and hexadecimal digits: eight of one word, the rest the lowest of another. */
function hexId(prefix: string, digits: number): (first: number, second: number) => string {
  const codes = codesOf(prefix.padEnd(prefix.length + digits, '0'))
  const middle = prefix.length + 8
  return (first, second) => {
    putHex(codes, prefix.length, middle, first)
    putHex(codes, middle, codes.length, second)
    return textOf(codes)
  }
}

function putHex(codes: number[], from: number, to: number, word: number): void {
  for (let i = to - 1, rest = word; i >= from; i--, rest >>>= 4) codes[i] = hexadecimal[rest & 15]!
}

const digits6 = (n: number): string => digits3[Math.floor(n / 1000)]! + digits3[n % 1000]!

/** A 32-bit hash of two words (murmur3's finaliser over their sum): ids that belong to one owner differ, and look unlike. */
export function mix(a: number, b: number): number {
  let h = Math.imul(a ^ (b + 0x9e3779b9), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13) ^ Math.imul(b, 0x27d4eb2f), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

const ulid = codesOf('0'.repeat(26))

/** ULID: 48 bits of the time, 80 bits of chance, 26 characters. Three draws. */
export function transactionId(timeMs: number, random: Random): string {
  const a = random.uint32()
  const b = random.uint32()
  const c = random.uint32()
  putCrockford(0, 6, Math.floor(timeMs / 2 ** 20))
  putCrockford(6, 10, timeMs % 2 ** 20)
  putCrockford(10, 16, a >>> 2)
  putCrockford(16, 22, ((a & 3) << 28) | (b >>> 4))
  putCrockford(22, 26, ((b & 15) << 16) | (c >>> 16))
  return textOf(ulid)
}

function putCrockford(from: number, to: number, bits: number): void {
  for (let i = to - 1, rest = bits; i >= from; i--, rest >>>= 5) ulid[i] = crockford[rest & 31]!
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

const account = hexId('AC', 12)
const device = hexId('D', 12)
const payee = hexId('PAY', 10)
const address = hexId('', 8)

/** An account token of a 32-bit hash. */
export const accountId = (hash: number): string => account(hash, mix(hash, 1))

const instrumentTokens = {
  CARD: hexId('tok_', 16),
  VPA: hexId('vpa_', 16),
  WALLET: hexId('wal_', 16),
  ACCOUNT: hexId('acc_', 16),
  MANDATE: hexId('umn_', 16),
  CASH: hexId('csh_', 16),
} as const

export type InstrumentKind = keyof typeof instrumentTokens

/** A card token, or the hash of a UPI handle, wallet, account or mandate: a prefix and 16 hexadecimal digits. */
export const instrumentToken = (kind: InstrumentKind, hash: number): string =>
  instrumentTokens[kind](hash, mix(hash, 2))

/** Keeps the identifiers of one run apart from those of another. */
export const identityOf = (seed: string): number => streamKey(seed, 'identities').low

/** A customer's account by its number among the customer's accounts, 0 to 7; `identity` is the run's own. */
export const ownAccount = (customer: number, account: number, identity: number): string =>
  accountId(mix(customer * 8 + account, identity))

/** The same for what a customer pays with. */
export const ownInstrument = (kind: InstrumentKind, customer: number, instrument: number, identity: number): string =>
  instrumentToken(kind, mix(customer * 8 + instrument, identity ^ 0x1a57))

/** A phone or computer by a 32-bit hash: D and 12 hexadecimal digits. */
export const deviceId = (hash: number): string => device(hash, mix(hash, 3))

/** Who receives a transfer, by a 32-bit hash: PAY and 10 hexadecimal digits. */
export const payeeId = (hash: number): string => payee(hash, mix(hash, 4))

/** Where a parcel goes, by a 32-bit hash: 8 hexadecimal digits. */
export const shippingAddressHash = (hash: number): string => address(hash, 0)

/** First octets that Indian providers hold many addresses under. */
const firstOctets = [27, 42, 47, 49, 59, 61, 103, 106, 110, 112, 115, 117, 122, 152, 157, 223]
const octets = Array.from({ length: 256 }, (_, n) => `.${n}`)

/** The /24 of an Indian address, by a 32-bit hash; three octets, such as 49.36.112. */
export const ipPrefix = (hash: number): string =>
  firstOctets[hash >>> 28]! + octets[(hash >>> 12) & 255]! + octets[hash & 255]!
