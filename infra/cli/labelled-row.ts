import type { GroundTruth, Transaction } from '#schemas/types.ts'

/** A payment's 45 fields, in the order of its schema, and five that say what it was. */
export type LabelledRow = Omit<Transaction, 'intended_at'> &
  Pick<GroundTruth, 'fraud_type' | 'fraud_confidence' | 'fraud_severity' | 'fraud_reason' | 'fraud_evidence'>

/** The row of a transaction. `intended_at` is left out: it measures a run, and is no part of a payment. */
export function labelledRow({ intended_at: _, ...payment }: Transaction, truth: GroundTruth): LabelledRow {
  const { fraud_type, fraud_confidence, fraud_severity, fraud_reason, fraud_evidence } = truth
  return { ...payment, fraud_type, fraud_confidence, fraud_severity, fraud_reason, fraud_evidence }
}

/** The names of the fields, as the first line of a file. */
export const csvHead = (row: LabelledRow): string => line(Object.keys(row))

/** RFC 4180; what has parts of its own is JSON within a field, and null is empty. */
export const csvRow = (row: LabelledRow): string => line(Object.values(row).map(cell))

function cell(value: unknown): string {
  if (value === null) return ''
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

const line = (cells: readonly string[]): string => `${cells.join(',')}\r\n`
