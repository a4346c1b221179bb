import { DAY_MS } from '#services/time.ts'
import { families, familyCount, ofFamily } from './anomaly/severities.ts'
import { amountOverP95, isRecentCounterparty } from './behavioral.ts'
import type { FeatureContext, FeatureFunction } from './feature-context.ts'
import { shippingKm } from './geographic.ts'
import { merchantDeclineRatio, passthrough, payeePayers } from './network.ts'
import { hourProbability } from './own-month.ts'
import { flag } from './payment.ts'
import { SortedAmounts } from './sorted-amounts.ts'
import { shrunkDeclineRatio, smallLimit } from './velocity.ts'

/** Faster than this nobody travels; what is far beyond says no more. */
const POSSIBLE_KMH = 800
const SPEED_TIMES_MAX = 3

/** Payments of an hour from which they count towards a risk, and so many more for certainty. */
const ORDINARY_PER_HOUR = 3
const CERTAIN_PER_HOUR = 6

const unusualAmount = ({ amountZ }: FeatureContext): number => Math.max(0, amountZ)

const isOutgoing = ({ payment }: FeatureContext): boolean => (payment.flags & flag.outgoing) !== 0

/** Filled anew for each payment. */
const small = new SortedAmounts()

/** The amount over the lower median of the small attempts of the hour before with the instrument. */
function smallThenLarge(context: FeatureContext): number {
  const { recent, payment, month, prior } = context
  const limit = smallLimit(context)
  small.clear()
  for (let i = month.hourStart; i < prior; i++) {
    if (recent.amount(i) <= limit && recent.instrument(i) === payment.instrument) small.add(recent.amount(i))
  }
  if (small.length === 0 || !isOutgoing(context)) return 0
  return payment.amountMinor / small.median
}

function declinesBeforeApproval(context: FeatureContext): number {
  const isApproval = isOutgoing(context) && (context.payment.flags & flag.declined) === 0
  return isApproval ? context.windows.hourDeclines : 0
}

function gapDays({ recent, payment, prior }: FeatureContext): number {
  return prior === 0 ? 0 : (payment.timeMs - recent.times[prior - 1]!) / DAY_MS
}

/** Share of cash-like purchases among the attempts of 7 days, this one included. */
const cashLikeShare = ({ windows, month, end }: FeatureContext): number =>
  windows.weekCashLike / Math.max(1, end - month.weekStart)

/** What speaks against a payment, as if each part were a chance of its own. */
function noisyOr(context: FeatureContext): number {
  const { anomalies } = context
  const merchant = merchantDeclineRatio(context) - shrunkDeclineRatio(0, 0)
  const velocity = (context.windows.hour - ORDINARY_PER_HOUR) / CERTAIN_PER_HOUR
  let none = (1 - Math.max(0, merchant)) * (1 - Math.min(1, Math.max(0, velocity)))
  for (let family = 0; family < families.length; family++) none *= 1 - ofFamily(anomalies, family) / 100
  return 1 - none
}

export const interactionFeatures = {
  ix_new_device_payee: (context) => (context.isNewDevice === 0 ? 0 : isRecentCounterparty(context)),
  ix_velocity_amount: (context) => Math.log1p(context.windows.hour) * unusualAmount(context),
  ix_speed_new_device: (context) =>
    context.isNewDevice === 0 ? 0 : Math.min(SPEED_TIMES_MAX, context.kmh / POSSIBLE_KMH),
  ix_new_party_amount: (context) => context.isNewParty * Math.log1p(amountOverP95(context)),
  ix_rare_hour_amount: (context) => -Math.log(hourProbability(context.month)) * unusualAmount(context),
  ix_small_then_large: smallThenLarge,
  ix_decline_then_approve: declinesBeforeApproval,
  ix_dormancy_amount: (context) => Math.log1p(gapDays(context)) * unusualAmount(context),
  ix_fanin_passthrough: (context) =>
    payeePayers(context) === 0 ? 0 : Math.log1p(payeePayers(context)) * Math.min(1, passthrough(context)),
  ix_ship_new_device: (context) => (shippingKm(context) / 500) * context.isNewDevice,
  ix_utilisation_cashlike: (context) =>
    context.payment.creditUtilisation === 0 ? 0 : context.payment.creditUtilisation * cashLikeShare(context),
  ix_family_agreement: ({ trail }) => familyCount(trail.hourHighFamilies),
  ix_risk_noisy_or: noisyOr,
} satisfies Record<string, FeatureFunction>
