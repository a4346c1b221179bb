import type { Alert } from '#schemas/types.ts'
import { toLocalMs } from '#services/time.ts'
import { money } from './view/format.ts'

/** Payments of a cause that are listed, the newest. */
const LISTED_MAX = 8

const moment = (timeMs: number): string =>
  `${new Date(toLocalMs(timeMs)).toISOString().slice(0, 19).replace('T', ' ')} IST`

/** An alert as people read it: how bad, who, what, why, and the payments that it is about. */
export function alertText(alert: Alert): string {
  const { severity, kind, rule_id, customer_id, amount_minor, payment_rail, city, score, reasons } = alert
  const head = [severity, kind, `${moment(alert.event_time)}${alert.history ? ', history' : ''}`]
  const payment = [customer_id, money(amount_minor), payment_rail, city, `score ${Number(score.toPrecision(3))}`]
  return [
    head.join('  '),
    payment.join('  '),
    `${descriptionOf(alert)} (rule ${rule_id})`,
    ...reasons.map(({ text }) => `  - ${text}`),
    ...causeOf(alert),
    `  alert ${alert.alert_id}`,
    '',
  ].join('\n')
}

/** The text of an alert begins with what its rule looks for, and goes on with the first reasons, which are listed here. */
function descriptionOf({ text, reasons }: Alert): string {
  const end = reasons.length === 0 ? -1 : text.indexOf(`. ${reasons[0]!.text}`)
  return end < 0 ? text : text.slice(0, end)
}

function causeOf({ alert_id, group_id, transactions }: Alert): string[] {
  const listed = transactions.slice(-LISTED_MAX)
  const goesOn = group_id === alert_id ? '' : `, goes on with ${group_id}`
  const counted = transactions.length === 1 ? '1 payment' : `${transactions.length} payments`
  const older = transactions.length > LISTED_MAX ? `, the newest ${LISTED_MAX} of them` : ''
  return [
    `  ${counted} of this cause${goesOn}${older}:`,
    ...listed.map(({ transaction_id, event_time }) => `    ${transaction_id}  ${moment(event_time)}`),
  ]
}
