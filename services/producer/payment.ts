import type {
  AuthenticationMethod,
  Category,
  Channel,
  EventType,
  LocationType,
  MerchantType,
  PaymentRail,
  StatusResponse,
} from '#schemas/types.ts'
import { approved } from '../market/responses.ts'

/** The accounts of a customer. Their numbers are part of account tokens. */
export const accounts = { SAVINGS: 0, CARD: 1, PAY_LATER: 2, CASH: 3, LITE: 4, WALLET: 5 } as const
export type Account = (typeof accounts)[keyof typeof accounts]

/** What a payment is made with. The numbers are part of instrument tokens. */
export const instruments = {
  VPA: 0,
  DEBIT_CARD: 1,
  CREDIT_CARD: 2,
  WALLET: 3,
  ACCOUNT: 4,
  MANDATE: 5,
  PAY_LATER: 6,
  CASH: 7,
} as const
export type Instrument = (typeof instruments)[keyof typeof instruments]

/** Which of the customer's devices, if any. */
export const devices = { NONE: 0, PHONE: 1, SECOND_PHONE: 2, COMPUTER: 3 } as const
export type Device = (typeof devices)[keyof typeof devices]

/** One decided payment. Reused for every event: read it before the next one is decided. */
export class Payment {
  row = 0
  day = 0
  timeMs = 0
  ingestMs = 0
  id = ''
  reference = ''
  trace = ''
  eventType: EventType = 'AUTHORISATION'
  /** The payment that this one undoes. */
  original: string | null = null
  account: Account = accounts.SAVINGS
  rail: PaymentRail = 'UPI'
  instrument: Instrument = instruments.VPA
  amountMinor = 0
  balanceMinor: number | null = 0
  utilisation: number | null = null
  emiMonths: number | null = null
  points = 0
  /** Index in `merchantSites`, or -1. */
  merchant = -1
  /** Said of a counterparty that is no merchant of the catalogue. */
  name: string | null = null
  mcc: string | null = null
  category: Category = 'TRANSFER'
  subcategory = ''
  merchantType: MerchantType = 'INDIVIDUAL'
  terminal: string | null = null
  payee: string | null = null
  /** Which of the customer's contacts the payee is, or -1. */
  contact = -1
  /** Number of the cash machine in its city, or -1. */
  atm = -1
  /** Index in `cities`. */
  city = 0
  locationType: LocationType = 'HOME'
  lat: number | null = null
  lon: number | null = null
  shippingCity: string | null = null
  shippingHash: string | null = null
  channel: Channel = 'QR'
  entryMode: string | null = null
  authentication: AuthenticationMethod = 'UPI_PIN'
  device: Device = devices.NONE
  ip: string | null = null
  response: StatusResponse = approved
  /** The customer's other account that the money goes to, if any: a bill that is paid, or a load. */
  arrivesAt: Account | null = null
  /** The customer pays from a phone that was bound just before. */
  newPhone = false
  /** The UPI PIN was set anew just before. */
  pinReset = false
  /** The customer logged in to the bank just before. */
  login = false
  /** The customer allowed larger bank transfers just before. */
  limitRaised = false
  /** The payee was added just before. */
  newPayee = false
  /** On the customer's first payment of a day, the day after the one of the payment before; else 0. */
  sinceDay = 0

  /** Whether anything happened to the customer just before, beside the payment. */
  get hasEvents(): boolean {
    return this.newPhone || this.newPayee || this.pinReset || this.login || this.limitRaised
  }

  /** Forgets what only some payments have. */
  clear(): void {
    this.original = null
    this.emiMonths = null
    this.points = 0
    this.merchant = -1
    this.name = null
    this.mcc = null
    this.terminal = null
    this.payee = null
    this.contact = -1
    this.atm = -1
    this.lat = null
    this.lon = null
    this.shippingCity = null
    this.shippingHash = null
    this.entryMode = null
    this.device = devices.NONE
    this.ip = null
    this.arrivesAt = null
    this.newPhone = false
    this.pinReset = false
    this.login = false
    this.limitRaised = false
    this.newPayee = false
    this.sinceDay = 0
  }
}
