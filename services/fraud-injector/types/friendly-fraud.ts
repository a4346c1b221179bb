import type { FraudType, Transaction } from '#schemas/types.ts'
import type { Random } from '../../random.ts'
import { DAY_MS } from '../../time.ts'
import type { Account, Campaign } from '../account.ts'
import { fraudMethod } from '../define.ts'
import { fraudTypes } from '../fraud-types.ts'
import { shapeOf } from '../history.ts'
import type { Mark, Script } from '../method.ts'
import { drawWeighted } from '../spread.ts'

const row = fraudTypes.FRIENDLY_FRAUD
const RUPEE = 100
const onlineShapes: ReadonlySet<string> = new Set([
  'CREDIT_CARD/ECOM/AUTHORISATION',
  'DEBIT_CARD/ECOM/AUTHORISATION',
  'UPI/MOBILE_APP/AUTHORISATION',
])

/** Visa's code for fraud where no card was shown; the others say that goods did not come, or not as described. */
const CARD_ABSENT_FRAUD = '10.4'

/** An approved purchase online, of the sums that are disputed. */
export const isDisputable = (tx: Transaction): boolean =>
  onlineShapes.has(shapeOf(tx)) &&
  tx.status_response.status === 'APPROVED' &&
  tx.amount_minor >= row.amountRupees.min * RUPEE &&
  tx.amount_minor <= row.amountRupees.max * RUPEE

/** Who disputes what was received makes it worth the trouble: small sums less often, in proportion. */
const isWorthIt = (tx: Transaction, random: Random): boolean =>
  isDisputable(tx) && random.chance(Math.min(1, tx.amount_minor / RUPEE / row.worthRupees))

/** Nothing differs at the purchase. What the customer will say of it, weeks later, is all there is. */
const fraud: Script = {
  eligible: (tx, { random }) => isWorthIt(tx, random),
  begin: (tx, { account, random, nowMs }) => {
    const rate = random.uniform(row.disputeRate.abuser.min, row.disputeRate.abuser.max)
    const facts = {
      count: '1',
      dispute_rate: rate.toFixed(4),
      dispute_multiplier: (rate / row.disputeRate.normal).toFixed(0),
      reason_code: drawWeighted(row.reasonCodes, random),
    }
    const modus = tx.category === 'DIGITAL' ? 'SUBSCRIPTION_REGRET' : 'CHARGEBACK_ABUSE'
    return { startMs: nowMs + 1, modus, compromiseMs: null, facts, mark: purchase(tx, account, facts, 1, random) }
  },
  steps: ({ startMs }) => [{ kind: 'wait', atMs: startMs + row.spreeDays * DAY_MS }],
  meet: (tx, campaign, { account, random }) => {
    const { facts, noticedMs } = campaign
    const count = Number(facts.count) + 1
    const inTime = tx.event_time <= noticedMs - row.reportDelayHours.min * (DAY_MS / 24)
    if (!isWorthIt(tx, random) || count > row.countMax || !inTime || !random.chance(row.againShare)) return undefined
    facts.count = String(count)
    return purchase(tx, account, facts, count, random)
  },
}

function purchase(
  tx: Transaction,
  account: Account,
  { dispute_rate, dispute_multiplier, reason_code }: Readonly<Record<string, string>>,
  sequence: number,
  random: Random,
): Mark {
  const known = account.templates[shapeOf(tx)]?.device_id === tx.device_id
  return {
    phase: 'purchase',
    sequence,
    role: 'CUSTOMER',
    isFraud: true,
    evidence: {
      dispute_rate: dispute_rate!,
      dispute_multiplier: dispute_multiplier!,
      reason_code: reason_code!,
      same_device_as_history: String(known),
      delivery_confirmed: String(tx.shipping_city !== null && random.chance(row.deliveryConfirmedShare)),
    },
  }
}

const kinds = { NOT_DELIVERED: 'not_delivered', FORGOTTEN: 'forgotten_subscription' } as const

/** A parcel that never came, a subscription that renewed itself: disputed as well, and rightly. */
const twin: Script = {
  eligible: (tx) => isDisputable(tx) && (tx.shipping_city !== null || tx.category === 'DIGITAL'),
  begin: (tx, { nowMs }) => {
    const phase = tx.category === 'DIGITAL' ? kinds.FORGOTTEN : kinds.NOT_DELIVERED
    const mark: Mark = { phase, sequence: 1, role: 'CUSTOMER', isFraud: false, evidence: {}, isReported: true }
    return { startMs: nowMs + 1, modus: 'NONE', compromiseMs: null, mark }
  },
  steps: ({ startMs }) => [{ kind: 'wait', atMs: startMs }],
}

/** Half of the claims are of a theft; as which type a bank files those, an online payment by somebody else, is our choice. */
const claim = ({ facts }: Campaign): FraudType =>
  facts.reason_code === CARD_ABSENT_FRAUD ? 'ACCOUNT_TAKEOVER' : 'NONE'

export const friendlyFraud = fraudMethod('FRIENDLY_FRAUD', {
  fraud,
  twin,
  claim,
  evidence: () => ({}),
  reason: ({ facts }) => `Own purchase that will be disputed as ${facts.reason_code}`,
})
