import type { IncomeBracket, Occupation } from '#schemas/types.ts'
import type { Random } from '../random.ts'

export const occupations: readonly Occupation[] = [
  'STUDENT',
  'SALARIED_EMPLOYEE',
  'BUSINESS_OWNER',
  'FREELANCER',
  'PROFESSIONAL',
  'GOVERNMENT_EMPLOYEE',
  'RETIRED',
  'HOMEMAKER',
]

/** How money comes in: once a month, once a week, or from the family at the start and in the middle of the month. */
export const incomeKinds = { MONTHLY: 0, WEEKLY: 1, FAMILY: 2 } as const

/** Weeks in a month, by which weekly income is divided. */
export const WEEKS_PER_MONTH = 4.35

/** Takes one draw. */
export function incomeKindOf(occupation: Occupation, bracket: IncomeBracket, random: Random): number {
  const chance = random.unit()
  switch (occupation) {
    case 'STUDENT':
    case 'HOMEMAKER':
      return incomeKinds.FAMILY
    case 'BUSINESS_OWNER':
    case 'FREELANCER':
      return incomeKinds.WEEKLY
    case 'SALARIED_EMPLOYEE':
      return bracket === 'LOW' && chance < 0.35 ? incomeKinds.WEEKLY : incomeKinds.MONTHLY
    default:
      return incomeKinds.MONTHLY
  }
}

/** What an income is called in the record. */
export function incomeName(occupation: Occupation, kind: number): string {
  if (kind === incomeKinds.FAMILY) return 'Family support'
  if (occupation === 'RETIRED') return 'Pension'
  if (kind === incomeKinds.MONTHLY) return 'Salary'
  return occupation === 'SALARIED_EMPLOYEE' ? 'Wages' : 'Business income'
}
