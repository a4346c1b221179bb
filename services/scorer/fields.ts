import { ofFamily } from './anomaly/severities.ts'
import type { FeatureContext } from './feature-context.ts'
import { ownMean, ownPerHour } from './own-month.ts'
import { flag, type Payment } from './payment.ts'

/** What rules and score may look at beside features: facts of the payment and the customer's own baselines. */
export interface Field {
  readonly unit: string
  readonly words: string
  readonly compute: (context: FeatureContext) => number
}

const is = (bit: number) => (context: FeatureContext) => ((context.payment.flags & bit) === 0 ? 0 : 1)

const fact = (words: string, compute: Field['compute']): Field => ({ unit: 'flag', words, compute })

const isRail = (words: string, ...rails: readonly Payment['rail'][]): Field =>
  fact(words, ({ payment }) => (rails.includes(payment.rail) ? 1 : 0))

/** Where nobody has to stand in line, bursts are made by machines. */
const remoteWithin = (words: string, compute: Field['compute']): Field => ({
  unit: 'count',
  words: `online payments within ${words}`,
  compute,
})

/** What the detectors of a family say of this payment. */
const severity = (words: string, family: number): Field => ({
  unit: 'share',
  words: `severity of what is unlike the customer in ${words}`,
  compute: ({ anomalies }) => ofFamily(anomalies, family) / 100,
})

export const fields: Readonly<Record<string, Field>> = {
  amount_minor: { unit: 'paise', words: 'amount', compute: ({ payment }) => payment.amountMinor },
  is_declined: fact('declined', is(flag.declined)),
  is_physical: fact('at a terminal, QR code or ATM', is(flag.physical)),
  is_card_present: fact('card present', is(flag.cardPresent)),
  is_fallback_entry: fact('magnetic stripe or fallback', is(flag.fallbackEntry)),
  is_atm: fact('at an ATM', is(flag.atm)),
  is_transfer: fact('transfer to a payee', is(flag.transfer)),
  is_wallet: isRail('from a wallet', 'PREPAID_WALLET', 'UPI_LITE'),
  remote_txn_count_10m: remoteWithin('10 minutes', ({ windows }) => windows.remoteTenMinutes),
  remote_txn_count_1h: remoteWithin('an hour', ({ windows }) => windows.remoteHour),
  own_mean_amount_30d: { unit: 'paise', words: 'own mean amount of 30 days', compute: ownMean },
  own_txn_per_hour_30d: { unit: 'ratio', words: 'own payments an hour', compute: ownPerHour },
  own_txn_count_30d: { unit: 'count', words: 'own payments known of 30 days', compute: ({ month }) => month.count },
  anomaly_behavioral: severity('habit', 0),
  anomaly_geographic: severity('place', 1),
  anomaly_temporal: severity('time', 2),
  anomaly_amount: severity('amount', 3),
}
