import type { Reason } from '#schemas/types.ts'
import type { Operand } from './operands.ts'

const rounded = (value: number): string => {
  const digits = Math.abs(value) >= 10 ? 0 : Math.abs(value) >= 1 ? 1 : 2
  return String(Number(value.toFixed(digits)))
}

/** Rupees with the Indian grouping: 1,23,456. */
function rupees(paise: number): string {
  const whole = String(Math.round(paise / 100))
  const head = whole.slice(0, -3).replace(/\B(?=(\d\d)+$)/g, ',')
  return `₹${head === '' ? '' : `${head},`}${whole.slice(-3)}`
}

/** Units in which -1 says that there is nothing to measure from. */
const sinceOrFrom: ReadonlySet<string> = new Set(['km', 'seconds'])

const isUnknown = (value: number, unit: string): boolean => value === -1 && sinceOrFrom.has(unit)

/** A value as alerts write it: rupees for paise, few digits. */
export function withUnit(value: number, unit: string): string {
  if (isUnknown(value, unit)) return 'unknown'
  return unit === 'paise' ? rupees(value) : rounded(value)
}

/** What a flag says at 0 where a mere "not" in front would not read well. */
const negations: Readonly<Record<string, string>> = {
  is_card_present: 'card not present',
  is_fallback_entry: 'neither magnetic stripe nor fallback',
  is_transfer: 'no transfer to a payee',
  is_new_counterparty: 'merchant or payee is known to the customer',
  is_new_device: 'device is known to the customer',
  ix_new_device_payee: 'no new payee from a new device',
}

/** Units whose words go on after the number: "812 km from home". */
const numberFirst: ReadonlySet<string> = new Set(['count', 'km', 'km/h', 'deviations', 'ratio', 'seconds'])

/** What a value is held against: what is ordinary for this customer or for anybody, or a limit set by a rule. */
export type Measure = 'ordinary' | 'limit'

/**
 * One reason, its numbers in words: "5 payments within an hour (ordinary: 0.4), 31 % of the score". Flags need no numbers,
 * and of what the score does not rest on nothing is said.
 */
export function reasonOf(
  operand: Operand,
  value: number,
  baseline: number,
  measure: Measure,
  contribution: number,
): Reason {
  const { name, unit } = operand
  const said = inWords(operand, value)
  const held = unit === 'flag' ? said : `${said} (${measure}: ${withUnit(baseline, unit)})`
  const percent = Math.round(contribution * 100)
  const text = percent > 0 ? `${held}, ${percent} % of the score` : held
  return { feature: name, value, baseline, contribution, text }
}

/** A value and what it is of: "5 payments within an hour"; of a flag, whether it is set. */
export function inWords({ name, unit, words }: Operand, value: number): string {
  if (unit === 'flag') return value === 0 ? (negations[name] ?? `not ${words}`) : words
  return numberFirst.has(unit) && !isUnknown(value, unit)
    ? `${rounded(value)} ${words}`
    : `${words}: ${withUnit(value, unit)}`
}
