import type { Category, Transaction } from '#schemas/types.ts'
import { roundOffline } from '../../market/amounts.ts'
import { MINUTE_MS } from '../../time.ts'
import { type Account, homeCity } from '../account.ts'
import { inPerson } from '../history.ts'
import { atMerchant, atTerminal, merchantsOf, whereNow } from '../places.ts'
import { atShopOf, cardEntry } from '../shops.ts'
import { draw } from '../spread.ts'
import { affording, payment } from '../steps.ts'
import type { Moment } from './anomaly.ts'
import { type AnomalyMethod, anomalies, type Deed, graver, type Shown, shows } from './anomaly.ts'
import { isOwnPayment, totalOf } from './habits.ts'
import { isAtCounter, isOpen, occasionOf, SHOPS_LOOKED_AT, sells } from './occasions.ts'

const row = anomalies.BEHAVIORAL
const { newCategory, cardOffer } = row.causes
/** How many categories and rails there are to be surprised by (Laplace smoothing). */
const CATEGORIES = 28
const RAILS = 12
const cardShapes = ['CREDIT_CARD/POS/AUTHORISATION', 'DEBIT_CARD/POS/AUTHORISATION']

function shown(tx: Transaction, { habits }: Account): Shown | undefined {
  if (!isOwnPayment(tx) || habits.count < row.minHistory) return undefined
  const { NEW_CATEGORY, INSTRUMENT_SWITCH } = row.subtypes
  return graver(
    rare('NEW_CATEGORY', habits.categories, tx.category, NEW_CATEGORY.shareBelow, CATEGORIES),
    rare('INSTRUMENT_SWITCH', habits.rails, tx.payment_rail, INSTRUMENT_SWITCH.shareBelow, RAILS),
  )
}

function rare(
  subtype: string,
  counts: Readonly<Record<string, number>>,
  name: string,
  shareBelow: number,
  kinds: number,
): Shown | undefined {
  const count = counts[name] ?? 0
  const total = totalOf(counts)
  if (total === 0 || count / total >= shareBelow) return undefined
  const surprise = -Math.log2((count + 1) / (total + kinds))
  return shows(subtype, row.severity.base + (row.severity.span * surprise) / row.severity.bits)
}

/** The same sum at another counter of the city, in a kind of shop where the customer is hardly ever seen. */
function buyElsewhere(tx: Transaction, { account, random }: Moment): Deed | undefined {
  const { habits } = account
  if (!isAtCounter(tx) || !isOpen(tx.event_time, newCategory)) return undefined
  const total = totalOf(habits.categories)
  const unusual = (newCategory.categories as Category[]).filter(
    (category) => (habits.categories[category] ?? 0) / total < row.subtypes.NEW_CATEGORY.shareBelow,
  )
  if (unusual.length === 0) return undefined
  const sites = merchantsOf(unusual, tx.city, false, SHOPS_LOOKED_AT, random)
  const site = sites.find((each) => sells(each, tx.amount_minor, newCategory.ticketTimesMax))
  if (site === undefined) return undefined
  const terminal = tx.terminal_id === null ? {} : atTerminal(site, tx.city, random)
  return { cause: occasionOf(tx, 'life event'), rewrite: { ...atMerchant(site), ...terminal } }
}

/** The next shop takes off something for those who pay with a card that lies in the drawer otherwise. */
function useOtherCard(tx: Transaction, { account, random, nowMs }: Moment): Deed | undefined {
  const { rails } = account.habits
  const home = homeCity(account)
  const isOut = inPerson(tx) && isOwnPayment(tx) && tx.location_type !== 'TRAVEL' && tx.city === home
  if (!isOut || !isOpen(nowMs, cardOffer)) return undefined
  const total = totalOf(rails)
  const amountMinor = roundOffline(draw(cardOffer.amountRupees, random), random)
  const shape = affording(account, cardShapes, 2 * amountMinor).find(
    (name) => (rails[account.templates[name]!.payment_rail] ?? 0) / total < row.subtypes.INSTRUMENT_SWITCH.shareBelow,
  )
  if (shape === undefined) return undefined
  const template = account.templates[shape]!
  const seat = whereNow({ ...account, last: { timeMs: nowMs, city: tx.city } }, template)
  const shop = atShopOf(cardOffer.categories as Category[], template, seat, home, random)
  if (shop === undefined) return undefined
  const atMs = nowMs + Math.round(draw(cardOffer.minutes, random) * MINUTE_MS)
  const change = { ...shop, ...cardEntry(amountMinor) }
  const step = { atMs, phase: '', sequence: 0, shape, amountMinor, change, inPerson: true }
  return { cause: 'card offer', payment: payment({ ...step, shortage: 'decline' }) }
}

export const behavioral: AnomalyMethod = {
  family: 'BEHAVIORAL',
  minHistory: row.minHistory,
  shown,
  causes: [
    { weight: newCategory.weight, deed: buyElsewhere },
    { weight: cardOffer.weight, deed: useOtherCard },
  ],
}
