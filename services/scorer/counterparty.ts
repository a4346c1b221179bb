import { hash32 } from '#services/random.ts'
import { DAY_MS, MINUTE_MS } from '#services/time.ts'
import { CounterpartyLists, heldMs } from './counterparty-lists.ts'
import type { EntityKindFold } from './entity-kind.ts'
import { countDay, MerchantReports, readDays, writeDays } from './merchant-reports.ts'
import { countMinute, declineRatioAt, readMinutes, writeMinutes } from './minute-counts.ts'
import { addShare, concentrationOf, readShares, writeShares } from './payer-shares.ts'
import { payersSince, readPayers, seePayer, writePayers } from './recent-payers.ts'

export interface CounterpartyState {
  readonly kind: 'COUNTERPARTY'
  readonly lists: CounterpartyLists
  /** Sum of squares of payer-shares.ts. */
  squares: number
  readonly reports: MerchantReports
}

/**
 * Merchants and payees. Values: merchant_decline_ratio_1h, payee_distinct_payer_count_24h, merchant_payer_hhi_7d,
 * merchant_reported_fraud_rate_30d.
 * Minutes instead of single payments, because a merchant can be as busy as the whole stream.
 */
export const counterpartyFold: EntityKindFold<CounterpartyState> = {
  prefix: 'counterparty/',
  initialState: () => ({
    kind: 'COUNTERPARTY',
    lists: new CounterpartyLists(),
    squares: 0,
    reports: new MerchantReports(),
  }),
  answer: (counterparty, { event_time, declined, customer_id }) => {
    const { lists, reports } = counterparty
    const timeMs = heldMs(event_time)
    const minute = Math.floor(timeMs / MINUTE_MS)
    countMinute(lists, minute, declined)
    const payer = hash32(customer_id)
    seePayer(lists, payer, timeMs)
    counterparty.squares += addShare(lists, payer, timeMs)
    countDay(lists, timeMs)
    return [
      declineRatioAt(lists, minute),
      payersSince(lists, timeMs - DAY_MS),
      concentrationOf(lists, counterparty.squares),
      reports.rate(timeMs, lists),
    ]
  },
  write: (out, { lists, reports }) => {
    writeMinutes(out, lists)
    writePayers(out, lists)
    writeShares(out, lists)
    writeDays(out, lists)
    reports.write(out)
  },
  read: (from) => {
    const lists = new CounterpartyLists()
    readMinutes(from, lists)
    readPayers(from, lists)
    const squares = readShares(from, lists)
    readDays(from, lists)
    return { kind: 'COUNTERPARTY', lists, squares, reports: MerchantReports.read(from) }
  },
}
