import detectors from './detectors.json' with { type: 'json' }

/** The families of anomalies, in the order of their bytes. */
export const families = ['BEHAVIORAL', 'GEOGRAPHIC', 'TEMPORAL', 'AMOUNT'] as const

export type Family = (typeof families)[number]

/** Something about a payment that is unlike its customer. */
export interface Finding {
  readonly subtype: string
  /** 0 to 1. */
  readonly severity: number
}

/** Hundredths: a finer severity would say more than the formulas know. */
const HUNDRED = 100
export const FLAGGED_FROM = Math.round(detectors.flaggedFrom.value * HUNDRED)
export const HIGH_FROM = Math.round(detectors.highFrom.value * HUNDRED)

/** The severity of a family, the highest of its findings, hundredths. */
export function hundredthsOf(findings: readonly Finding[]): number {
  let highest = 0
  for (const { severity } of findings) highest = Math.max(highest, Math.round(severity * HUNDRED))
  return Math.min(HUNDRED, highest)
}

/** Four severities in hundredths as one word, a byte each. */
export const packed = (behavioral: number, geographic: number, temporal: number, amount: number): number =>
  (behavioral | (geographic << 8) | (temporal << 16) | (amount << 24)) >>> 0

/** The severity of the family with this number, hundredths. */
export const ofFamily = (anomalies: number, family: number): number => (anomalies >>> (8 * family)) & 255

/** The severity of a payment: that of its highest family, hundredths. */
export const highestOf = (anomalies: number): number =>
  Math.max(anomalies & 255, (anomalies >>> 8) & 255, (anomalies >>> 16) & 255, anomalies >>> 24)

/** Families whose severity is at least `from`, as a 1 in the byte of each: by carrying into the bit above it. */
export const familiesFrom = (anomalies: number, from: number): number =>
  ((anomalies + (128 - from) * 0x0101_0101) >>> 7) & 0x0101_0101

/** How many families these are: the sum of the bytes, which comes to stand in the highest. */
export const familyCount = (families: number): number => Math.imul(families, 0x0101_0101) >>> 24
