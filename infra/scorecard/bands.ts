import type { FraudType } from '#schemas/types.ts'
import type { Interval } from '../learning/bootstrap.ts'
import data from './bands.json' with { type: 'json' }
import type { Intervals } from './intervals.ts'
import type { Scorecard } from './report.ts'

/** What is fair, what ours has, and whether it is within; `pass` is null where there was nothing to measure. */
export interface BandResult {
  readonly name: string
  readonly what: string
  readonly target: { readonly min: number; readonly max: number }
  readonly basis: string
  readonly source: string
  readonly value: number
  /** Where it lies with 95 % confidence; null where nothing can be said. */
  readonly interval: Interval | null
  /** Whether that is wider than the band: such a figure says little. */
  readonly isWide: boolean
  readonly pass: boolean | null
}

/** What bands speak of. */
export type Measured = Omit<Scorecard, 'bands' | 'calibration'>

const measures: Readonly<Record<string, (measured: Measured) => number | undefined>> = {
  model_auc: ({ detectors }) => detectors.model.auc,
  model_average_precision: ({ detectors }) => detectors.model.averagePrecision,
  model_recall_at_1pct_fpr: ({ detectors }) => detectors.model.recallAt1PctFpr,
  model_card_precision_at_100: ({ detectors }) => detectors.model.cardPrecisionAt100,
  model_average_precision_rare: ({ detectors }) => detectors.model.averagePrecisionAt['0.0001'],
  amount_auc: ({ amountAuc }) => amountAuc,
  single_feature_auc: ({ bestFeatures }) => bestFeatures.pooled.auc,
  twin_false_alarms_ratio: ({ twins }) => twins.ratio,
  rules_recall: ({ rules }) => rules.recall,
  rules_precision: ({ rules }) => rules.precision,
}

const TYPE_PREFIX = 'auc_'

/** Each band with what was measured, in the order of `bands.json`. */
export function bandsOf(measured: Measured, intervals: Intervals): BandResult[] {
  return data.bands.map(({ name, what, min, max, basis, source }) => {
    const value = name.startsWith(TYPE_PREFIX)
      ? measured.detectors.model.byType[name.slice(TYPE_PREFIX.length) as FraudType]
      : measures[name]!(measured)
    const isMeasured = value !== undefined && !Number.isNaN(value)
    const pass = isMeasured ? value >= min && value <= max : null
    const interval = intervals[name] ?? null
    const isWide = interval !== null && interval.high - interval.low > max - min
    return { name, what, target: { min, max }, basis, source, value: value ?? Number.NaN, interval, isWide, pass }
  })
}
