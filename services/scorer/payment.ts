import type { Channel, EventType, PaymentRail, Transaction } from '#schemas/types.ts'
import { cityByName } from '#services/market/cities.ts'
import { hash32 } from '#services/random.ts'
import { isNearThreshold } from './anomaly/thresholds.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'
import { categoryCode, merchantTypeCode } from './codes.ts'

/** Yes or no facts of a payment, as bits. */
export const flag = {
  /** Money leaves the customer: an attempt to pay. */
  outgoing: 1,
  declined: 2,
  /** At a terminal, a QR code or an ATM: the customer, or the card, was where the record says. */
  physical: 4,
  cardPresent: 8,
  /** Magnetic stripe or fallback from chip (entry modes 90 and 80). */
  fallbackEntry: 16,
  atm: 32,
  /** Goes to a person or account, not to a merchant. */
  transfer: 64,
  /** Not in India. */
  foreign: 128,
  /** Buys what is as good as cash: by ISO 18245 category code. */
  cashLike: 256,
  /** An amount just below a sum from which somebody looks closer. */
  nearThreshold: 512,
  /** Collected under a mandate: nobody chose the moment. */
  mandate: 1024,
  /** To a merchant or payee that was new to the customer. */
  newCounterparty: 2048,
  /** Money that a merchant gave back. */
  refund: 4096,
  /** Money that came back because the payment was disputed. */
  chargeback: 8192,
  /** Made over a network that the record names. */
  online: 16_384,
} as const

/** What the scorer keeps of a transaction until it is scored; ids as hashes, for they are only ever compared. */
export interface Payment {
  readonly transactionId: string
  readonly customerId: string
  readonly timeMs: number
  /** Carried along, never looked at. */
  readonly intendedAt: number | null
  /** Paise. */
  readonly amountMinor: number
  readonly rail: PaymentRail
  /** Of codes.ts. */
  readonly category: number
  readonly merchantType: number
  readonly city: string
  /** Where the parcel goes; empty for none. */
  readonly shippingCity: string
  /** Degrees, of the record or else of the city; NaN for neither. */
  readonly latitude: number
  readonly longitude: number
  /** 32 bits. */
  readonly instrument: number
  /** 32 bits. */
  readonly account: number
  /** Merchant or payee, 32 bits; 0 for none. */
  readonly counterparty: number
  /** 32 bits; 0 for none. */
  readonly device: number
  /** Outstanding over limit, 0 to 1; 0 off credit. */
  readonly creditUtilisation: number
  readonly flags: number
}

const incoming = new Set<EventType>(['CREDIT', 'REFUND', 'REVERSAL', 'CHARGEBACK'])
const physical = new Set<Channel>(['POS', 'QR', 'ATM'])
/**
 * Jewellery, precious stones, electronics, travel agencies, quasi cash (the goods of a bust-out), cash itself, loading of
 * stored value. ISO 18245.
 */
const cashLikeCodes: ReadonlySet<string | null> = new Set([
  '5944',
  '5094',
  '5732',
  '4722',
  '6051',
  '6010',
  '6011',
  '6540',
])
const cardRails = new Set<PaymentRail>(['CREDIT_CARD', 'DEBIT_CARD'])

/** 16 bits of a hash, for names of which a customer has few. */
export const shortHash = (text: string): number => hash32(text) >>> 16

const idHash = (id: string | null): number => (id === null ? 0 : hash32(id))

/** The merchant or payee of a transaction, as an entity to ask about. */
export const counterpartyOf = (transaction: Transaction): string | null =>
  transaction.merchant_id ?? transaction.payee_id

export const isOutgoing = (transaction: Transaction): boolean => !incoming.has(transaction.event_type)

export const isDeclined = (transaction: Transaction): boolean => transaction.status_response.status === 'DECLINED'

function flagsOf(transaction: Transaction): number {
  const { channel, payment_rail, pos_entry_mode, merchant_id, payee_id } = transaction
  const goesOut = isOutgoing(transaction)
  // A refund is booked at the terminal of its purchase: nobody stands there.
  const here = physical.has(channel) && goesOut
  return (
    (goesOut ? flag.outgoing : 0) |
    (isDeclined(transaction) ? flag.declined : 0) |
    (here ? flag.physical : 0) |
    (here && cardRails.has(payment_rail) ? flag.cardPresent : 0) |
    (pos_entry_mode === '90' || pos_entry_mode === '80' ? flag.fallbackEntry : 0) |
    (channel === 'ATM' ? flag.atm : 0) |
    (merchant_id === null && payee_id !== null ? flag.transfer : 0) |
    (transaction.country_code === 'IN' ? 0 : flag.foreign) |
    (channel === 'ATM' || cashLikeCodes.has(transaction.mcc) ? flag.cashLike : 0) |
    (isNearThreshold(transaction.amount_minor) ? flag.nearThreshold : 0) |
    (channel === 'AUTOPAY' ? flag.mandate : 0) |
    (transaction.event_type === 'REFUND' ? flag.refund : 0) |
    (transaction.event_type === 'CHARGEBACK' ? flag.chargeback : 0) |
    (transaction.ip_prefix === null ? 0 : flag.online)
  )
}

/** The part of a transaction that features, score and alerts need. */
export function paymentOf(transaction: Transaction): Payment {
  const place = transaction.lat === null ? cityByName.get(transaction.city) : undefined
  return {
    transactionId: transaction.transaction_id,
    customerId: transaction.customer_id,
    timeMs: transaction.event_time,
    intendedAt: transaction.intended_at,
    amountMinor: transaction.amount_minor,
    rail: transaction.payment_rail,
    category: categoryCode(transaction.category),
    merchantType: merchantTypeCode(transaction.merchant_type),
    city: transaction.city,
    shippingCity: transaction.shipping_city ?? '',
    // Single precision, as in the record and in every checkpoint: a restart must not change a digit.
    latitude: Math.fround(transaction.lat ?? place?.lat ?? Number.NaN),
    longitude: Math.fround(transaction.lon ?? place?.lon ?? Number.NaN),
    instrument: hash32(transaction.instrument_token),
    account: hash32(transaction.account_id),
    counterparty: idHash(counterpartyOf(transaction)),
    device: idHash(transaction.device_id),
    creditUtilisation: Math.fround(transaction.credit_utilisation ?? 0),
    flags: flagsOf(transaction),
  }
}

export function writePayment(out: ByteWriter, payment: Payment): void {
  out.text(payment.transactionId)
  out.text(payment.customerId)
  out.f64(payment.timeMs)
  out.f64(payment.intendedAt ?? Number.NaN)
  out.varint(payment.amountMinor)
  out.text(payment.rail)
  out.u8(payment.category)
  out.u8(payment.merchantType)
  out.text(payment.city)
  out.text(payment.shippingCity)
  out.f32(payment.latitude)
  out.f32(payment.longitude)
  out.u32(payment.instrument)
  out.u32(payment.account)
  out.u32(payment.counterparty)
  out.u32(payment.device)
  out.f32(payment.creditUtilisation)
  out.u16(payment.flags)
}

export function readPayment(from: ByteReader): Payment {
  const transactionId = from.text()
  const customerId = from.text()
  const timeMs = from.f64()
  const intendedAt = from.f64()
  return {
    transactionId,
    customerId,
    timeMs,
    intendedAt: Number.isNaN(intendedAt) ? null : intendedAt,
    amountMinor: from.varint(),
    rail: from.text() as PaymentRail,
    category: from.u8(),
    merchantType: from.u8(),
    city: from.text(),
    shippingCity: from.text(),
    latitude: from.f32(),
    longitude: from.f32(),
    instrument: from.u32(),
    account: from.u32(),
    counterparty: from.u32(),
    device: from.u32(),
    creditUtilisation: from.f32(),
    flags: from.u16(),
  }
}
