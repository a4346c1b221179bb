import type { Condition } from '#schemas/types.ts'
import { toLocalMs } from '#services/time.ts'
import type { Example } from './example-world.ts'

/** Indian time, to the second. */
export const localTime = (timeMs: number): string =>
  new Date(toLocalMs(timeMs)).toISOString().slice(0, 19).replace('T', ' ')

/** As short as six digits say it. */
export const figure = (value: number): string => String(Number(value.toPrecision(6)))

export const percent = (share: number): string =>
  Number.isNaN(share) ? '-' : `${Number((share * 100).toPrecision(3))} %`

export const rupees = (minor: number): string => (minor / 100).toFixed(2)

/** What a payment was in truth. */
export const truthOf = ({ truth }: Example): string => {
  if (truth.is_fraud) return `${truth.fraud_type}, ${truth.campaign_phase} ${truth.phase_seq}`
  return truth.benign_twin_of === null ? 'genuine' : `innocent double of ${truth.benign_twin_of}`
}

export const recordHead = ['Indian time', 'Event', 'Rail, channel', 'Rupees', 'To', 'City', 'Answer'] as const

/** The cells of a payment below `recordHead`. */
export function recordCells({ tx }: Example): string[] {
  const { status, response_code } = tx.status_response
  return [
    localTime(tx.event_time),
    tx.event_type,
    `${tx.payment_rail} ${tx.channel}`,
    rupees(tx.amount_minor),
    tx.merchant_name ?? tx.payee_id ?? tx.terminal_id ?? '',
    tx.city,
    status === 'APPROVED' ? status : `${status} ${response_code}`,
  ]
}

/** The names of features and fields that a condition compares, each once. */
export function namesIn({ feature, of, children }: Condition): string[] {
  const own = [feature, of].filter((name) => name !== null)
  return [...new Set([...own, ...children.flatMap(namesIn)])]
}
