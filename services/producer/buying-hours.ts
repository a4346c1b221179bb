import { type HourCurve, hoursOf, hourTilt } from '../market/calendar.ts'
import data from '../market/data/time.json' with { type: 'json' }
import { purchaseCategories } from '../market/merchant-choice.ts'
import { paymentsOf, type Segment, segments } from '../market/segments.ts'
import { DAY_START_HOUR } from '../time.ts'

/** Categories whose day differs from the shops' day. */
const curveOf: Readonly<Record<string, HourCurve>> = {
  FOOD_DINING: 'FOOD_DELIVERY',
  ECOMMERCE: 'ECOM_CARD',
  DIGITAL: 'ECOM_CARD',
  ENTERTAINMENT: 'ECOM_CARD',
  TRAVEL: 'ECOM_CARD',
  UTILITIES: 'BILL_RECHARGE',
  TELECOM: 'BILL_RECHARGE',
  INSURANCE: 'BILL_RECHARGE',
  INVESTMENTS: 'BILL_RECHARGE',
  GOVERNMENT: 'BILL_RECHARGE',
  LOANS_CARDS: 'BILL_RECHARGE',
  EDUCATION: 'BILL_RECHARGE',
  RENT_SERVICES: 'BILL_RECHARGE',
}

/** When each segment pays: 24 weights from midnight. */
export const segmentHours: readonly (readonly number[])[] = hoursOf(
  segments.map((segment) => ({ peaks: segment.active_hours_peaks_ist, weight: paymentsOf(segment) })),
)

function cardsOnline(segment: Segment): number {
  const { online_share, payment_mode_p: shares } = segment
  return paymentsOf(segment) * online_share.mean * (shares.CREDIT_CARD + shares.DEBIT_CARD)
}

/** When those pay who pay by card online: the young and the well off are up late, and a tilt for the nation is not for them. */
const onlineHours = Array.from({ length: 24 }, (_, hour) =>
  segments.reduce((sum, segment, s) => sum + cardsOnline(segment) * segmentHours[s]![hour]!, 0),
)

const even = new Float64Array(24).fill(1)
/** Sessions and the other tilts move the hours of what is paid by card online: what they do to them is taken back. */
const cardTilt = hourTilt('ECOM_CARD', onlineHours).map(
  (factor, index) => factor * data.ecom_card_fit[(DAY_START_HOUR + index) % 24]!,
)

/** By category, and by hours since the simulated day began: how much more (or less) is bought than the hour itself brings. */
export const categoryTilts: readonly Float64Array[] = purchaseCategories.map((category) => {
  const curve = curveOf[category]
  if (curve === undefined) return even
  return curve === 'ECOM_CARD' ? cardTilt : hourTilt(curve)
})

/** The same for the share that is bought online: shops close, sites don't. Once, where the category has the hours of sites. */
export const onlineTilts: readonly Float64Array[] = categoryTilts.map((tilt) => (tilt === cardTilt ? even : cardTilt))
