import type { FraudSeverity, FraudType } from '#schemas/types.ts'
import { DAY_MS } from '#services/time.ts'
import { cardPrecisionByDay, Genuine, type RocPoint } from '../learning/metrics.ts'
import { Comparable } from './comparable.ts'
import type { Scores } from './detectors.ts'
import type { ScoredRun } from './run.ts'

/** Shares of payments that are fraud, at which detectors are held: the laboratory's lower one, and nearly life's. */
export const prevalences = [0.005, 0.0001] as const

/** Customers that somebody could look into in a day. */
const CARDS = 100

/** False alarms that somebody could bear. */
export const FALSE_ALARMS = 0.01

export interface DetectorResult {
  /** Of any fraud against any genuine payment. */
  readonly auc: number
  /** At the first prevalence. */
  readonly averagePrecision: number
  /** At each prevalence, and at that of the simulation. */
  readonly averagePrecisionAt: Readonly<Record<string, number>>
  readonly recallAt1PctFpr: number
  /** Of the simulation as it is: customers of a day cannot be weighted. */
  readonly cardPrecisionAt100: number
  /** AUC of the frauds of a type against the genuine payments that they could be (see `Comparable`). */
  readonly byType: Readonly<Partial<Record<FraudType, number>>>
  /** AUC of the frauds of a severity against all genuine payments. */
  readonly bySeverity: Readonly<Partial<Record<FraudSeverity, number>>>
  /** The ROC curve, a point for each hundredth of the frauds found. */
  readonly curve: readonly RocPoint[]
}

export function evaluate(run: ScoredRun, scores: Scores): DetectorResult {
  const { payments, test } = run
  const { genuine, frauds } = divided(run, scores)
  const simulated = frauds.length / test.length
  const wins = comparedWins(run, scores)
  const at = (prevalence: number): number => genuine.averagePrecision(frauds, prevalence)
  return {
    auc: genuine.auc(frauds),
    averagePrecision: at(prevalences[0]),
    averagePrecisionAt: {
      ...Object.fromEntries(prevalences.map((prevalence) => [String(prevalence), at(prevalence)])),
      simulated: at(simulated),
    },
    recallAt1PctFpr: genuine.recallAt(FALSE_ALARMS, frauds),
    cardPrecisionAt100: mean(cardPrecisions(run, scores)),
    byType: aucBy(run, payments.types, (i) => wins[i]!),
    bySeverity: aucBy(run, payments.severities, (i) => genuine.winsOf(scores[i]!)),
    curve: thinned(genuine.curve(frauds)),
  }
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** Card precision@100 of each day of the test. */
export const cardPrecisions = ({ payments, test, cutMs }: ScoredRun, scores: Scores): number[] =>
  cardPrecisionByDay(
    Array.from(test, (row, i) => ({
      day: Math.floor((payments.timesMs[row]! - cutMs) / DAY_MS),
      customer: payments.customers[row]!,
      score: scores[i]!,
      isFraud: payments.types[row] !== 'NONE',
    })),
    CARDS,
  )

/** Of each fraud of the test, the share of the genuine payments it could be that its score is above; 0 for others. */
export const comparedWins = ({ payments, test }: ScoredRun, scores: Scores): Float64Array =>
  new Comparable(payments, test).wins(scores)

/** AUC of all frauds, each against the genuine payments that it could be. */
export function comparedAuc(run: ScoredRun, scores: Scores): number {
  const wins = comparedWins(run, scores)
  return mean([...wins].filter((_, i) => run.payments.types[run.test[i]!] !== 'NONE'))
}

/** The last point of each hundredth. */
const thinned = (points: readonly RocPoint[]): RocPoint[] =>
  points.filter(({ tpr }, i) => i === 0 || Math.floor(tpr * 100) !== Math.floor((points[i + 1]?.tpr ?? 2) * 100))

/** Scores of genuine payments, and of frauds. */
export function divided(
  { payments, test }: ScoredRun,
  scores: Scores,
): { readonly genuine: Genuine; readonly frauds: Float64Array } {
  const isFraud = (i: number): boolean => payments.types[test[i]!] !== 'NONE'
  return {
    genuine: new Genuine(scores.filter((_, i) => !isFraud(i))),
    frauds: scores.filter((_, i) => isFraud(i)),
  }
}

/** AUC by what frauds are called, in the order of the alphabet; `winsOf` says how many genuine payments one is above. */
function aucBy<Name extends string>(
  { payments, test }: ScoredRun,
  names: readonly Name[],
  winsOf: (i: number) => number,
): Partial<Record<Name, number>> {
  const frauds = Array.from(test.keys()).filter((i) => payments.types[test[i]!] !== 'NONE')
  const sorted = [...Map.groupBy(frauds, (i) => names[test[i]!]!)].sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(sorted.map(([name, own]) => [name, mean(own.map(winsOf))])) as Partial<Record<Name, number>>
}
