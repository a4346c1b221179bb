import type { FraudReport, Transaction } from '#schemas/types.ts'
import { eventId } from '../market/identifiers.ts'
import type { Random } from '../random.ts'
import { DAY_MS } from '../time.ts'
import type { Account, Campaign, PendingReport } from './account.ts'
import type { FraudMethod } from './method.ts'
import { draw, type Spread } from './spread.ts'
import { lossMinor, reportMs } from './truth.ts'

/** From a report to what the bank has found out and got back. A modelling choice: banks have 10 to 90 days for it. */
const INVESTIGATION_DAYS: Spread = { dist: 'lognormal', median: 12, sigma: 0.6, min: 2, max: 60 }

/** Remembers to report a payment when its victim, or the bank, notices. */
export function scheduleReport(account: Account, tx: Transaction, campaign: Campaign, method: FraudMethod): void {
  const claimed = method.claim?.(campaign) ?? campaign.type
  const amountMinor = lossMinor(tx, method.row)
  const recoveredMinor = Math.round(amountMinor * campaign.recoveredShare)
  // Who gets back the whole of what a customer claimed falsely has shown what it was.
  const found = recoveredMinor === amountMinor && !campaign.twin ? campaign.type : claimed
  insert(account.reports, {
    atMs: reportMs(campaign, tx.event_time),
    transactionId: tx.transaction_id,
    transactionMs: tx.event_time,
    merchantId: tx.merchant_id,
    version: 1,
    claimed,
    found,
    reportType: method.row.reportedAs ?? (tx.card_network === null || amountMinor === 0 ? 'DISPUTE' : 'CHARGEBACK'),
    amountMinor,
    recoveredMinor,
  })
}

/** Remembers to say more of a payment that has been reported, once there is more to say. */
export function scheduleRevision(account: Account, report: PendingReport, random: Random): void {
  const { version, claimed, found, recoveredMinor, atMs } = report
  if (version > 1 || (recoveredMinor === 0 && found === claimed)) return
  const days = draw(INVESTIGATION_DAYS, random)
  insert(account.reports, { ...report, version: 2, claimed: found, atMs: atMs + Math.round(days * DAY_MS) })
}

function insert(reports: PendingReport[], report: PendingReport): void {
  let at = reports.length
  while (at > 0 && reports[at - 1]!.atMs > report.atMs) at--
  reports.splice(at, 0, report)
}

/** Nothing has come back yet when a payment is reported. */
export const reportRecord = (report: PendingReport, customerId: string, random: Random): FraudReport => ({
  report_id: eventId(report.atMs, random),
  transaction_id: report.transactionId,
  customer_id: customerId,
  report_time: report.atMs,
  transaction_time: report.transactionMs,
  merchant_id: report.merchantId,
  report_type: report.reportType,
  claimed_type: report.claimed,
  amount_minor: report.amountMinor,
  recovered_minor: report.version === 1 ? 0 : report.recoveredMinor,
  version: report.version,
})
