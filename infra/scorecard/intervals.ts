import type { FraudType } from '#schemas/types.ts'
import { bootstrap, type Interval, meanOf } from '../learning/bootstrap.ts'
import { Genuine } from '../learning/metrics.ts'
import type { Scores } from './detectors.ts'
import { cardPrecisions, comparedWins, divided, FALSE_ALARMS, prevalences } from './evaluate.ts'
import { featureNames } from './payments.ts'
import type { ScoredRun } from './run.ts'
import type { Tell } from './tells.ts'
import { alarmLimit, twinAlarms } from './twins.ts'

/** By the name of a band; null where nothing can be said. */
export type Intervals = Readonly<Record<string, Interval | null>>

/**
 * How sure each figure is. Payments of one campaign are alike, so campaigns are drawn (frauds', of twins those of the
 * doubles), and days for card precision. Genuine payments are so many that they add next to nothing.
 */
export function intervalsOf(run: ScoredRun, model: Scores, amounts: Scores, tell: Tell): Intervals {
  const { payments, test } = run
  const campaigns = campaignsOf(run, test, (row) => payments.types[row] !== 'NONE')
  const of = (figure: (members: readonly number[]) => number): Interval | null =>
    bootstrap(campaigns, figure, run.settings.seed)
  const { genuine } = divided(run, model)
  const scoresOf = (members: readonly number[]): Float64Array => Float64Array.from(members, (i) => model[i]!)
  const alerted = meanOf(Array.from(test, (row) => (payments.alerts[row]! > 0 ? 1 : 0)))
  const falseAlerts = test.filter((row) => payments.types[row] === 'NONE' && payments.alerts[row]! > 0).length
  return {
    model_auc: of(meanOf(model.map((score) => genuine.winsOf(score)))),
    model_average_precision: of((members) => genuine.averagePrecision(scoresOf(members), prevalences[0])),
    model_average_precision_rare: of((members) => genuine.averagePrecision(scoresOf(members), prevalences[1])),
    model_recall_at_1pct_fpr: of((members) => genuine.recallAt(FALSE_ALARMS, scoresOf(members))),
    model_card_precision_at_100: ofDays(run, model),
    amount_auc: of(meanOf(comparedWins(run, amounts))),
    single_feature_auc: ofTell(run, tell),
    twin_false_alarms_ratio: ofTwins(run, model),
    rules_recall: of(alerted),
    rules_precision: of((members) => {
      const hits = alerted(members) * members.length
      return hits / (hits + falseAlerts)
    }),
    ...ofTypes(run, model),
  }
}

/** Positions among these rows, by campaign, of the rows of which something holds. */
function campaignsOf({ payments }: ScoredRun, rows: Uint32Array, holds: (row: number) => boolean): number[][] {
  const positions = Array.from(rows.keys()).filter((i) => holds(rows[i]!))
  return [...Map.groupBy(positions, (i) => payments.campaigns[rows[i]!]).values()]
}

function ofTypes(run: ScoredRun, model: Scores): Intervals {
  const { payments, test, settings } = run
  const wins = comparedWins(run, model)
  const types = [...new Set(payments.types)].filter((type): type is Exclude<FraudType, 'NONE'> => type !== 'NONE')
  return Object.fromEntries(
    types.map((type) => {
      const campaigns = campaignsOf(run, test, (row) => payments.types[row] === type)
      return [`auc_${type}`, bootstrap(campaigns, meanOf(wins), settings.seed)]
    }),
  )
}

function ofDays(run: ScoredRun, model: Scores): Interval | null {
  const shares = cardPrecisions(run, model)
  const days = shares.map((_, day) => [day])
  return bootstrap(days, meanOf(shares), run.settings.seed)
}

function ofTwins(run: ScoredRun, model: Scores): Interval | null {
  const { payments, test, settings } = run
  const campaigns = campaignsOf(run, test, (row) => payments.twins[row] === 1 && payments.types[row] === 'NONE')
  const limit = alarmLimit(run, model)
  const { otherFalseAlarms } = twinAlarms(run, model)
  const disturbed = meanOf(model.map((score) => (score >= limit ? 1 : 0)))
  return bootstrap(campaigns, (members) => disturbed(members) / otherFalseAlarms, settings.seed)
}

/** Of the feature that tells most, over the payments that it was found on. */
function ofTell(run: ScoredRun, { feature }: Tell): Interval | null {
  const { payments, train, test, settings } = run
  const at = featureNames.indexOf(feature)
  if (at < 0) return null
  const rows = Uint32Array.from([...train, ...test])
  const values = Float64Array.from(rows, (row) => payments.row(row)[at]!)
  const genuine = new Genuine(values.filter((_, i) => payments.types[rows[i]!] === 'NONE'))
  const wins = values.map((value, i) => (payments.types[rows[i]!] === 'NONE' ? 0 : genuine.winsOf(value)))
  const campaigns = campaignsOf(run, rows, (row) => payments.types[row] !== 'NONE')
  const above = meanOf(wins)
  return bootstrap(campaigns, (members) => Math.max(above(members), 1 - above(members)), settings.seed)
}
