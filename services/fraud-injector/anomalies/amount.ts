import type { Transaction } from '#schemas/types.ts'
import { roundOffline } from '../../market/amounts.ts'
import { merchantById } from '../../market/merchants.ts'
import { DAY_MS } from '../../time.ts'
import type { Account } from '../account.ts'
import { shapeOf } from '../history.ts'
import { roomMinor } from '../limits.ts'
import { atMerchant, atTerminal, merchantsOf } from '../places.ts'
import { cardEntry } from '../shops.ts'
import { draw } from '../spread.ts'
import type { Moment } from './anomaly.ts'
import { type AnomalyMethod, anomalies, type Deed, graver, type Shown, shows } from './anomaly.ts'
import { type Habits, isOwnPayment, isRound } from './habits.ts'
import { dearCategories, isAtCounter, isOpen, SHOPS_LOOKED_AT, sells } from './occasions.ts'

const row = anomalies.AMOUNT
const { SPIKE, MICRO, ROUND_CLUSTER, THRESHOLD_HUG } = row.subtypes
const { dearPurchase, trifle } = row.causes
const PAISE = 100
/** Of a standard normal, the point below which one in a hundred lies. */
const ONE_IN_HUNDRED = -2.326

function shown(tx: Transaction, { habits }: Account): Shown | undefined {
  if (!isOwnPayment(tx) || habits.count < row.minHistory) return undefined
  const { amount_minor: amount } = tx
  const z = deviations(habits, amount)
  const spike = z > SPIKE.zAbove || amount >= SPIKE.timesMean * habits.meanMinor
  const round = isRound(amount) && roundsBefore(habits, tx.event_time) >= ROUND_CLUSTER.count - 1
  const as = (subtype: string, holds: boolean): Shown | undefined => (holds ? shows(subtype, severityOf(z)) : undefined)
  return graver(
    as('SPIKE', spike) ?? as('MICRO', isMicro(tx, habits)),
    as('THRESHOLD_HUG', hugs(amount)) ?? as('ROUND_CLUSTER', round),
  )
}

const severityOf = (z: number): number => {
  const { from, over, span, base } = row.severity
  return base + (span * (Math.abs(z) - from)) / over
}

const deviations = ({ logMean, logVariance }: Habits, amountMinor: number): number =>
  (Math.log(amountMinor) - logMean) / Math.max(row.deviationLeast, Math.sqrt(logVariance))

const roundsBefore = ({ roundMs }: Habits, timeMs: number): number =>
  roundMs.filter((ms) => ms > timeMs - DAY_MS).length

const hugs = (amountMinor: number): boolean =>
  THRESHOLD_HUG.rupees.some(
    (rupees) => amountMinor < rupees * PAISE && amountMinor >= THRESHOLD_HUG.share * rupees * PAISE,
  )

const isMicro = (tx: Transaction, habits: Habits): boolean =>
  tx.amount_minor < microBelowMinor(habits) && isDearShop(tx)

/** Paise; the mean of the logarithms stands for the median. */
const microBelowMinor = ({ logMean }: Habits): number =>
  Math.min(MICRO.rupeesBelow * PAISE, MICRO.timesTypicalBelow * Math.exp(logMean))

/** Whether hardly anything sold there costs less than fifty rupees. */
function isDearShop({ merchant_id }: Transaction): boolean {
  const shop = merchant_id === null ? undefined : merchantById(merchant_id)
  if (shop === undefined) return false
  return shop.ticketMedianMinor * Math.exp(ONE_IN_HUNDRED * shop.ticketSigma) > MICRO.rupeesBelow * PAISE
}

/** A hospital's bill, a refrigerator in a sale, gold on Dhanteras: in place of what would have been bought. */
function buyDear(tx: Transaction, { account, random }: Moment): Deed | undefined {
  if (!isAtCounter(tx) || tx.emi_tenure_months !== null || !isOpen(tx.event_time, dearPurchase)) return undefined
  const balanceMinor = account.statements[tx.account_id]?.balanceMinor ?? 0
  const amountMinor = roundOffline((draw(dearPurchase.timesMean, random) * account.habits.meanMinor) / PAISE, random)
  const { cause, categories } = dearCategories(tx, random)
  if (amountMinor > dearPurchase.balanceShareMax * balanceMinor) return undefined
  const sites = merchantsOf(categories, tx.city, false, SHOPS_LOOKED_AT, random)
  const site = sites.find((each) => sells(each, amountMinor, dearPurchase.ticketTimesMax))
  if (site === undefined) return undefined
  const onCard = tx.channel === 'POS'
  const change = {
    ...atMerchant(site),
    ...(onCard ? { ...atTerminal(site, tx.city, random), ...cardEntry(amountMinor) } : {}),
  }
  if (amountMinor > roomMinor(account, { ...tx, ...change, amount_minor: amountMinor })) return undefined
  return { cause, rewrite: { ...change, amount_minor: amountMinor } }
}

/** A button, a single bun: next to nothing at a shop where nobody leaves with that. */
function buyTrifle(tx: Transaction, { account, random }: Moment): Deed | undefined {
  if (shapeOf(tx) !== 'UPI/QR/AUTHORISATION' || !isDearShop(tx)) return undefined
  const amountMinor = draw(trifle.rupees, random) * PAISE
  if (amountMinor >= microBelowMinor(account.habits)) return undefined
  return { cause: 'a trifle', rewrite: { amount_minor: amountMinor } }
}

/** Rent, fees and a loan given back, all on one day: rounded down, so that every limit that held still holds. */
function payRound(tx: Transaction, { account }: Moment): Deed | undefined {
  const { rupees, count } = ROUND_CLUSTER
  const amountMinor = Math.floor(tx.amount_minor / (rupees * PAISE)) * rupees * PAISE
  if (tx.event_type !== 'TRANSFER' || !isOwnPayment(tx) || amountMinor === 0) return undefined
  if (amountMinor === tx.amount_minor || roundsBefore(account.habits, tx.event_time) < count - 1) return undefined
  return { cause: 'rent, fees and instalments', rewrite: { amount_minor: amountMinor } }
}

export const amount: AnomalyMethod = {
  family: 'AMOUNT',
  minHistory: row.minHistory,
  shown,
  causes: [
    { weight: dearPurchase.weight, deed: buyDear },
    { weight: trifle.weight, deed: buyTrifle },
    { weight: row.causes.roundCluster.weight, deed: payRound },
  ],
}
