import { DAY_MS, HOUR_MS, MINUTE_MS } from '#services/time.ts'
import { countWithin, type FeatureContext, type Matches, startOf } from './feature-context.ts'
import { flag, type Payment } from './payment.ts'

/** What rules and score may look at beside features: facts of the payment and the customer's own baselines. */
export interface Field {
  readonly unit: string
  readonly words: string
  readonly compute: (context: FeatureContext) => number
}

const MONTH_MS = 30 * DAY_MS

const is = (bit: number) => (context: FeatureContext) => ((context.payment.flags & bit) === 0 ? 0 : 1)

const fact = (words: string, compute: Field['compute']): Field => ({ unit: 'flag', words, compute })

const isRail = (words: string, ...rails: readonly Payment['rail'][]): Field =>
  fact(words, ({ payment }) => (rails.includes(payment.rail) ? 1 : 0))

/** Where nobody has to stand in line, bursts are made by machines. */
const isRemote: Matches = (recent, i, payment) =>
  (recent.flags[i]! & flag.physical) === 0 && recent.instruments[i] === payment.instrument

const remoteWithin = (words: string, windowMs: number): Field => ({
  unit: 'count',
  words: `online payments within ${words}`,
  compute: (context) => countWithin(context, windowMs, isRemote),
})

const priorCount = (context: FeatureContext): number => context.prior - startOf(context, MONTH_MS)

function ownMean({ priorAmounts }: FeatureContext): number {
  let sum = 0
  for (const amount of priorAmounts) sum += amount
  return sum / Math.max(1, priorAmounts.length)
}

/** Over the time since the first payment known of the last 30 days, at least a day; the running hour is left out. */
function ownPerHour(context: FeatureContext): number {
  const { recent, payment } = context
  const start = startOf(context, MONTH_MS)
  const before = startOf(context, HOUR_MS)
  if (before <= start) return 0
  return (before - start) / (Math.max(DAY_MS, payment.timeMs - recent.times[start]!) / HOUR_MS)
}

export const fields: Readonly<Record<string, Field>> = {
  amount_minor: { unit: 'paise', words: 'amount', compute: ({ payment }) => payment.amountMinor },
  is_declined: fact('declined', is(flag.declined)),
  is_physical: fact('at a terminal, QR code or ATM', is(flag.physical)),
  is_card_present: fact('card present', is(flag.cardPresent)),
  is_fallback_entry: fact('magnetic stripe or fallback', is(flag.fallbackEntry)),
  is_atm: fact('at an ATM', is(flag.atm)),
  is_transfer: fact('transfer to a payee', is(flag.transfer)),
  is_wallet: isRail('from a wallet', 'PREPAID_WALLET', 'UPI_LITE'),
  remote_txn_count_10m: remoteWithin('10 minutes', 10 * MINUTE_MS),
  remote_txn_count_1h: remoteWithin('an hour', HOUR_MS),
  own_mean_amount_30d: { unit: 'paise', words: 'own mean amount of 30 days', compute: ownMean },
  own_txn_per_hour_30d: { unit: 'ratio', words: 'own payments an hour', compute: ownPerHour },
  own_txn_count_30d: { unit: 'count', words: 'own payments known of 30 days', compute: priorCount },
}
