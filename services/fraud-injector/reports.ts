import type { FraudReport, Transaction } from '#schemas/types.ts'
import { eventId } from '../market/identifiers.ts'
import type { Random } from '../random.ts'
import type { Account, Campaign, PendingReport } from './account.ts'
import type { FraudMethod } from './method.ts'
import { reportMs } from './truth.ts'

/** Remembers to report a payment that went through when its victim notices. */
export function scheduleReport(account: Account, tx: Transaction, campaign: Campaign, method: FraudMethod): void {
  const report: PendingReport = {
    atMs: reportMs(campaign, tx.event_time),
    transactionId: tx.transaction_id,
    transactionMs: tx.event_time,
    merchantId: tx.merchant_id,
    claimed: method.claim?.(campaign) ?? campaign.type,
    reportType: method.row.reportedAs ?? (tx.card_network === null ? 'DISPUTE' : 'CHARGEBACK'),
    amountMinor: tx.amount_minor,
    recoveredMinor: Math.round(tx.amount_minor * campaign.recoveredShare),
  }
  let at = account.reports.length
  while (at > 0 && account.reports[at - 1]!.atMs > report.atMs) at--
  account.reports.splice(at, 0, report)
}

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
  recovered_minor: report.recoveredMinor,
  version: 1,
})
