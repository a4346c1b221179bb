import type { Transaction } from '#schemas/types.ts'
import type { FeatureName } from '#services/scorer/features.ts'
import { isJustBelow, type Scene, severitiesOf } from './anomalies.ts'
import {
  burstinessOf,
  cityAt,
  DAY,
  dayOf,
  distinct,
  entropyOf,
  HOUR,
  hourOf,
  isAttempt,
  isDeclined,
  isInPerson,
  isTransfer,
  km,
  lowerMedian,
  MINUTE,
  mean,
  nearestRank,
  partyOf,
  SECOND,
  sum,
} from './basics.ts'
import type { OracleCustomer, Past } from './customer.ts'
import type { EntitySays } from './entities.ts'

export type Values = Record<FeatureName, number>

const FAMILIES = [0, 1, 2, 3]
const highest = ({ severities }: Past): number => Math.max(...severities)
const has = (past: Past, family: number): boolean => past.severities[family]! >= 0.3
const paid = (past: readonly Past[]): number =>
  sum(past.filter(({ tx }) => !isDeclined(tx)).map(({ tx }) => tx.amount_minor))

/** All features of one record, from the lists of what came before it; and the record as a past one. */
export function featuresOf(
  tx: Transaction,
  customer: OracleCustomer,
  says: EntitySays | undefined,
  isRemembered: boolean,
): { readonly values: Values; readonly past: Past } {
  const now = tx.event_time
  const attempts = isAttempt(tx)
  const before = customer.attempts.filter(({ time }) => time <= now)
  const month = before.filter(({ time }) => time > now - 30 * DAY)
  const party = partyOf(tx)
  const met = party === null ? undefined : customer.parties.of(party)
  const isNewParty = attempts && party !== null && (met === undefined || met.last <= now - 180 * DAY)
  const isRecentParty = attempts && party !== null && (met === undefined || met.first > now - DAY)
  const hour_prob_30d = hourProbability(now, month)
  const scene: Scene = { tx, customer, before, isNewParty, hourProbability: hour_prob_30d }
  const isIn = attempts && isRemembered
  const homeKm = customer.homeKm(tx)
  const past: Past = {
    tx,
    time: now,
    severities: isIn ? severitiesOf(scene) : [0, 0, 0, 0],
    homeKm: homeKm === undefined ? undefined : Math.round(homeKm),
    metSomebody: isNewParty,
  }
  const all = isIn ? [...before, past] : before
  const last = (ms: number): Past[] => all.filter(({ time }) => time > now - ms)
  const own = (ms: number): Past[] => last(ms).filter((one) => one.tx.instrument_token === tx.instrument_token)
  const declines = (some: readonly Past[]): number => some.filter((one) => isDeclined(one.tx)).length

  const approved = month.filter((one) => !isDeclined(one.tx)).map((one) => one.tx.amount_minor)
  const small = Math.max(10_000, 0.05 * (lowerMedian(approved) ?? 0))
  const previous = month.filter((one) => one.tx.instrument_token === tx.instrument_token).at(-1)
  const amount_zscore_30d = attempts ? customer.zScore(tx.amount_minor) : 0
  const p95 = nearestRank(approved, 0.95) ?? 0
  const amount_ratio_p95_30d = attempts ? tx.amount_minor / (approved.length < 10 ? Math.max(500_000, p95) : p95) : 0
  const device = tx.device_id === null ? undefined : customer.devices.of(tx.device_id)
  const isFirstDevice = device?.first === Math.min(...customer.devices.all.map(({ first }) => first))
  const isNewDevice =
    tx.device_id !== null &&
    customer.devices.all.length > 0 &&
    (device === undefined || (device.first > now - DAY && !isFirstDevice))
  const is_new_device = Number(isNewDevice)
  const receipts = customer.receipts.filter(({ event_time }) => event_time <= now && event_time > now - 30 * DAY)
  const back = (type: Transaction['event_type']): number =>
    receipts.filter(({ event_type }) => event_type === type).length
  const cameIn = sum(
    receipts
      .filter(({ event_time, account_id }) => event_time > now - DAY && account_id === tx.account_id)
      .map(({ amount_minor }) => amount_minor),
  )
  const wentOut = paid(last(DAY).filter((one) => one.tx.account_id === tx.account_id))
  const passthrough_ratio_24h = cameIn === 0 ? 0 : wentOut / cameIn
  const parcel = cityAt(tx.shipping_city)
  const ship_home_distance_km = parcel && customer.home ? km(customer.home, parcel) : 0
  const implied_speed_kmh = customer.kmh(tx)
  const merchant_decline_ratio_1h = says === undefined || isTransfer(tx) || party === null ? 0.05 : says.declineRatio
  const payee_distinct_payer_count_24h = says !== undefined && isTransfer(tx) ? says.payers : 0
  const credit_utilisation_ratio = Math.fround(tx.credit_utilisation ?? 0)
  const account = customer.accounts.of(tx.account_id)
  const week = last(7 * DAY)
  const positive = Math.max(0, amount_zscore_30d)

  const flagged = last(30 * DAY).filter((one) => highest(one) >= 0.3)
  const ago = (ms: number): Past[] => flagged.filter(({ time }) => time > now - ms)
  const rate = (ms: number): number => (ago(ms).length + 1) / (last(ms).length + 20)
  const isFlagged = highest(past) >= 0.3
  const earlier = flagged.filter((one) => one !== past)
  const byFamily = FAMILIES.map((family) => flagged.filter((one) => has(one, family)).length)
  const share = (family: number): number => (sum(byFamily) === 0 ? 0 : byFamily[family]! / sum(byFamily))
  const runs = runsOf(last(30 * DAY).map((one) => highest(one) >= 0.3))
  const txn_count_1h = own(HOUR).length
  const smallBefore = own(HOUR).filter((one) => one !== past && one.tx.amount_minor <= small)
  const gap = before.length === 0 ? 0 : (now - before.at(-1)!.time) / DAY
  const risks = [
    ...past.severities,
    Math.max(0, merchant_decline_ratio_1h - 0.05),
    Math.min(1, Math.max(0, (txn_count_1h - 3) / 6)),
  ]

  const values: Values = {
    txn_count_1m: own(MINUTE).length,
    txn_count_5m: own(5 * MINUTE).length,
    txn_count_1h,
    txn_count_24h: own(DAY).length,
    amount_sum_1h: paid(own(HOUR)),
    amount_sum_24h: paid(last(DAY)),
    amount_sum_7d: paid(week),
    decline_count_1h: declines(own(HOUR)),
    decline_ratio_24h: (declines(last(DAY)) + 1) / (last(DAY).length + 20),
    distinct_merchant_count_1h: distinct(
      last(HOUR)
        .map((one) => partyOf(one.tx))
        .filter((name) => name !== null),
    ),
    small_amount_count_1h: own(HOUR).filter((one) => one.tx.amount_minor <= small).length,
    secs_since_prev_txn: previous === undefined ? -1 : (now - previous.time) / SECOND,
    amount_zscore_30d,
    amount_ratio_p95_30d,
    mcc_share_30d: (month.filter((one) => one.tx.category === tx.category).length + 1) / (month.length + 28),
    mcc_entropy_30d: entropyOf(countsOf(month.map((one) => one.tx.category))),
    is_new_counterparty: Number(isNewParty),
    hour_prob_30d,
    is_new_device,
    rail_share_30d: (month.filter((one) => one.tx.payment_rail === tx.payment_rail).length + 1) / (month.length + 12),
    refund_ratio_30d: (back('REFUND') + 0.5) / (last(30 * DAY).length + 10) / 0.05,
    credit_utilisation_ratio,
    distance_from_home_km: homeKm ?? -1,
    implied_speed_kmh,
    distinct_city_count_7d: distinct(week.filter((one) => isInPerson(one.tx)).map((one) => one.tx.city)),
    ship_home_distance_km,
    ip_geo_mismatch_km: customer.networkKm(tx),
    merchant_decline_ratio_1h,
    device_customer_count_24h: says === undefined || tx.device_id === null ? 0 : says.deviceCustomers,
    payee_distinct_payer_count_24h,
    passthrough_ratio_24h,
    merchant_reported_fraud_rate_30d: says === undefined || isTransfer(tx) ? 0 : says.reportedRate,

    anom_count_1h: ago(HOUR).length,
    anom_count_24h: ago(DAY).length,
    anom_count_7d: ago(7 * DAY).length,
    anom_count_30d: flagged.length,
    anom_rate_7d: rate(7 * DAY),
    anom_rate_delta: rate(7 * DAY) - rate(30 * DAY),
    anom_sev_max_24h: Math.max(0, ...ago(DAY).map(highest)),
    anom_sev_mean_7d: ago(7 * DAY).length === 0 ? 0 : mean(ago(7 * DAY).map(highest)),
    anom_sev_decayed: sum(flagged.map((one) => highest(one) * Math.exp(-(now - one.time) / DAY))),
    anom_high_count_7d: ago(7 * DAY).filter((one) => highest(one) >= 0.6).length,
    anom_sev_p90_30d: nearestRank(flagged.map(highest), 0.9) ?? 0,
    anom_sev_slope_7d: slopeOf(ago(7 * DAY).map((one) => [(one.time - now) / DAY, highest(one)] as const)),
    anom_share_behavioral_30d: share(0),
    anom_share_geographic_30d: share(1),
    anom_share_temporal_30d: share(2),
    anom_share_amount_30d: share(3),
    anom_type_entropy_30d: entropyOf(byFamily),
    anom_type_count_7d: FAMILIES.filter((family) => ago(7 * DAY).some((one) => has(one, family))).length,
    anom_secs_since_last: earlier.length === 0 ? -1 : (now - earlier.at(-1)!.time) / SECOND,
    anom_streak_len: runs.at(-1) ?? 0,
    anom_max_streak_30d: Math.max(0, ...runs),
    anom_active_days_30d: distinct(flagged.map(({ time }) => dayOf(time))),
    anom_gap_burstiness_30d: burstinessOf(flagged.map(({ time }) => time)),
    anom_repeat_type_7d: !isFlagged
      ? 0
      : ago(7 * DAY).filter((one) => one !== past && FAMILIES.some((f) => has(one, f) && has(past, f))).length,

    ix_velocity_amount: Math.log(1 + txn_count_1h) * positive,
    ix_speed_new_device: Math.min(3, implied_speed_kmh / 800) * is_new_device,
    ix_new_party_amount: Number(isNewParty) * Math.log(1 + amount_ratio_p95_30d),
    ix_rare_hour_amount: -Math.log(hour_prob_30d) * positive,
    ix_small_then_large:
      attempts && smallBefore.length > 0
        ? tx.amount_minor / lowerMedian(smallBefore.map((one) => one.tx.amount_minor))!
        : 0,
    ix_decline_then_approve: attempts && !isDeclined(tx) ? declines(own(HOUR)) : 0,
    ix_dormancy_amount: Math.log(1 + gap) * positive,
    ix_fanin_passthrough: Math.log(1 + payee_distinct_payer_count_24h) * Math.min(1, passthrough_ratio_24h),
    ix_new_device_payee: is_new_device * Number(isRecentParty),
    ix_ship_new_device: (ship_home_distance_km / 500) * is_new_device,
    ix_utilisation_cashlike:
      week.length === 0
        ? 0
        : credit_utilisation_ratio * (week.filter((one) => isCashLike(one.tx)).length / week.length),
    ix_family_agreement: FAMILIES.filter((f) => last(HOUR).some(({ severities }) => severities[f]! >= 0.6)).length,
    ix_risk_noisy_or: 1 - risks.reduce((none, risk) => none * (1 - risk), 1),

    merchant_payer_hhi_7d: says === undefined || isTransfer(tx) || party === null ? 0 : says.concentration,
    amount_just_below_threshold: Number(attempts && isJustBelow(tx.amount_minor)),
    near_threshold_count_7d: week.filter((one) => isJustBelow(one.tx.amount_minor)).length,
    burstiness_30d: burstinessOf(last(30 * DAY).map(({ time }) => time)),
    same_merchant_amount_count_2h:
      party === null
        ? 0
        : last(2 * HOUR).filter((one) => partyOf(one.tx) === party && one.tx.amount_minor === tx.amount_minor).length,
    account_age_days: account === undefined ? 0 : Math.max(0, now - account.first) / DAY,
    dispute_ratio_30d: (back('CHARGEBACK') + 0.1) / (last(30 * DAY).length + 10),
    refund_count_30d: back('REFUND'),
  }
  return { values, past }
}

/** Half a payment for one in the same hour, a quarter for one in the next or the one before, and 8 flat ones. */
function hourProbability(now: number, month: readonly Past[]): number {
  const apart = (time: number): number => {
    const hours = Math.abs(hourOf(time) - hourOf(now))
    return Math.min(hours, 24 - hours)
  }
  const weights = month.map(({ time }) => [0.5, 0.25][apart(time)] ?? 0)
  return (sum(weights) + 8 / 24) / (month.length + 8)
}

function countsOf(names: readonly string[]): number[] {
  return [...new Set(names)].map((name) => names.filter((one) => one === name).length)
}

/** Lengths of the runs of flags, the one that reaches the end last; 0 where nothing is flagged. */
const runsOf = (flags: readonly boolean[]): number[] =>
  flags
    .map((flag) => (flag ? 'x' : ' '))
    .join('')
    .split(' ')
    .map(({ length }) => length)

function slopeOf(points: readonly (readonly [number, number])[]): number {
  if (distinct(points.map(([x]) => x)) < 2) return 0
  const [x, y] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))]
  return sum(points.map((p) => (p[0] - x) * (p[1] - y))) / sum(points.map((p) => (p[0] - x) ** 2))
}

const cashLike = ['5944', '5094', '5732', '4722', '6051', '6010', '6011', '6540']
const isCashLike = (tx: Transaction): boolean => tx.channel === 'ATM' || cashLike.includes(tx.mcc ?? '')
