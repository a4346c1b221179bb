import { type FraudTypeRow, fraudTypes } from './fraud-types.ts'
import type { FraudMethod } from './method.ts'

/** A type of fraud with its row of numbers: what each file in `types/` ends with. */
export const fraudMethod = (type: keyof typeof fraudTypes, parts: Omit<FraudMethod, 'type' | 'row'>): FraudMethod => ({
  type,
  row: fraudTypes[type] as FraudTypeRow,
  ...parts,
})
