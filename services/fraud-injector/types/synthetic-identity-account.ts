import type { Transaction } from '#schemas/types.ts'
import { cities } from '../../market/cities.ts'
import { type FabricatedCustomers, type FabricatedRing, phoneOf } from '../../market/fabricated.ts'
import { ownAccount, ownInstrument, transactionId } from '../../market/identifiers.ts'
import { issuerIndex, issuers } from '../../market/issuers.ts'
import { hash32 } from '../../random.ts'
import type { Account, Template } from '../account.ts'
import type { Chance } from '../chance.ts'
import type { Newcomer } from '../method.ts'
import { CARD_ONLINE } from './bust-out.ts'

export const COUNTER = 'UPI/QR/AUTHORISATION'
export const BILL = 'UPI/MOBILE_APP/BILL_PAYMENT'
export const BILL_ARRIVES = 'CREDIT_CARD/NET_BANKING/CREDIT'
const UPI_ONLINE = 'UPI/MOBILE_APP/AUTHORISATION'
/** What a fabricated customer holds, numbered as other customers' accounts and instruments are. */
const SAVINGS = 0
const CARD = 1
const VPA = 0
const CREDIT_CARD = 2

/** Rings outlive epochs, and were formed before anybody looked: their id is of the first one. */
export const ringIdOf = (ring: FabricatedRing, chance: Chance): string =>
  transactionId(0, chance.shared(hash32(`fabricated-ring/${ring.number}`), 0))

/** Whether somebody's payments show all the forms that a fabricated customer's have. */
export const canLend = ({ templates }: Account): boolean =>
  [CARD_ONLINE, COUNTER, UPI_ONLINE].every((shape) => templates[shape] !== undefined)

/**
 * A savings account with a card, as yet unused. The forms of payments are a genuine customer's; tokens, home, phone and
 * network are the fabricated one's.
 */
export function openAccount(
  lender: Account,
  customer: number,
  fabricated: FabricatedCustomers,
  money: { readonly savingsMinor: number; readonly limitMinor: number },
  nowMs: number,
): Newcomer {
  const ring = fabricated.ringOf(customer)!
  const home = cities[ring.city]!.name
  const { identity } = fabricated
  const savings: Partial<Transaction> = {
    account_id: ownAccount(customer, SAVINGS, identity),
    instrument_token: ownInstrument('VPA', customer, VPA, identity),
  }
  const card: Partial<Transaction> = {
    account_id: ownAccount(customer, CARD, identity),
    instrument_token: ownInstrument('CARD', customer, CREDIT_CARD, identity),
  }
  const lent = (shape: string, own: Partial<Transaction>): Template =>
    atHome({ ...lender.templates[shape]!, ...own }, ring, customer)
  const online = lent(CARD_ONLINE, card)
  const templates = {
    [CARD_ONLINE]: online,
    [COUNTER]: lent(COUNTER, savings),
    [BILL]: { ...lent(UPI_ONLINE, savings), ...billOf(online.issuer_code) },
    [BILL_ARRIVES]: { ...online, ...arrival },
  }
  const { savingsMinor, limitMinor } = money
  return {
    customer,
    account: {
      templates,
      statements: {
        [savings.account_id!]: { balanceMinor: savingsMinor, shiftMinor: 0, limitMinor: 0 },
        [card.account_id!]: { balanceMinor: limitMinor, shiftMinor: 0, limitMinor },
      },
      appVersion: lender.appVersion,
      cities: { [home]: 1 },
      last: { timeMs: nowMs, city: home },
    },
  }
}

function atHome(template: Template, ring: FabricatedRing, customer: number): Template {
  const { name, stateCode } = cities[ring.city]!
  return {
    ...template,
    city: name,
    state_code: stateCode,
    ...(template.lat === null ? {} : { lat: ring.lat, lon: ring.lon, location_type: 'HOME' }),
    ...(template.shipping_city === null ? {} : { shipping_city: name, shipping_address_hash: ring.shippingHash }),
    device_id: phoneOf(ring, customer),
    device_os: 'ANDROID',
    ip_prefix: ring.ipPrefix,
  }
}

const toNobodysShop = { merchant_id: null, shipping_city: null, shipping_address_hash: null } as const

/** The card's bill, paid by UPI to the bank that issued it. */
const billOf = (issuer: string): Partial<Transaction> => ({
  ...toNobodysShop,
  event_type: 'BILL_PAYMENT',
  mcc: '6012',
  merchant_name: issuers[issuerIndex(issuer)]?.name ?? issuer,
  category: 'LOANS_CARDS',
  subcategory: 'Credit card bill',
  merchant_type: 'UTILITY',
  authentication_method: 'UPI_PIN',
})

/** The same money as the card sees it. */
const arrival: Partial<Transaction> = {
  ...toNobodysShop,
  event_type: 'CREDIT',
  mcc: null,
  merchant_name: null,
  category: 'LOANS_CARDS',
  subcategory: 'Bill payment received',
  merchant_type: 'UNKNOWN',
  channel: 'NET_BANKING',
  pos_entry_mode: null,
  authentication_method: 'NONE',
  device_id: null,
  device_os: null,
  app_version: null,
  ip_prefix: null,
}
