import type { FraudType } from '#schemas/types.ts'
import type { Trees } from '#services/scorer/model/trees.ts'
import { DAY_MS } from '#services/time.ts'
import { type CalibrationBin, calibration } from '../learning/metrics.ts'
import { type BandResult, bandsOf } from './bands.ts'
import { amountScores, type DetectorName, detect, detectorNames } from './detectors.ts'
import { comparedAuc, type DetectorResult, evaluate } from './evaluate.ts'
import { intervalsOf } from './intervals.ts'
import type { ScoredRun } from './run.ts'
import { bestFeatures } from './tells.ts'
import { type TwinAlarms, twinAlarms } from './twins.ts'

export interface Scorecard {
  readonly counts: Counts
  readonly detectors: Readonly<Record<DetectorName, DetectorResult>>
  /** Of all frauds, each against the genuine payments that it could be (see `Comparable`). */
  readonly amountAuc: number
  readonly bestFeatures: ReturnType<typeof bestFeatures>
  readonly twins: TwinAlarms
  readonly rules: { readonly recall: number; readonly precision: number }
  /** Of the model, by the probability that it gives. */
  readonly calibration: readonly CalibrationBin[]
  readonly bands: readonly BandResult[]
}

export interface Counts {
  readonly payments: number
  readonly trained: number
  readonly trainedFrauds: number
  /** Of those frauds, what had been reported by the cut. */
  readonly trainedReported: number
  readonly tested: number
  readonly testedFrauds: number
  readonly byType: Readonly<Partial<Record<FraudType, number>>>
  /** Campaigns that those are of. */
  readonly campaigns: Readonly<Partial<Record<FraudType, number>>>
  /** In the mean of the test's days: card precision@100 is at most a hundredth of that. */
  readonly fraudCustomersADay: number
  /** Money that came in during the test, which nobody judges. */
  readonly unjudged: number
  readonly unjudgedFrauds: number
}

/** Holds the detectors against the truth of a run, with a model trained on it or elsewhere. */
export function scorecardOf(run: ScoredRun, trees: Trees): Scorecard {
  const scores = detect(run, trees)
  const detectors = Object.fromEntries(
    detectorNames.map((name) => [name, evaluate(run, scores[name])]),
  ) as unknown as Scorecard['detectors']
  const byAmount = amountScores(run)
  const measured = {
    counts: countsOf(run),
    detectors,
    amountAuc: comparedAuc(run, byAmount),
    bestFeatures: bestFeatures(run),
    twins: twinAlarms(run, scores.model),
    rules: alertQuality(run),
  }
  const probabilities = scores.model.map((raw) => 1 / (1 + Math.exp(-trees.slope * raw)))
  return {
    ...measured,
    calibration: calibration(probabilities, run.payments.frauds(run.test), calibrationEdges),
    bands: bandsOf(measured, intervalsOf(run, scores.model, byAmount, measured.bestFeatures.pooled)),
  }
}

/** Most payments are hardly suspicious. */
const calibrationEdges = [0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1]

function countsOf({ payments, train, test, cutMs, toMs }: ScoredRun): Counts {
  const sum = (labels: Uint8Array): number => labels.reduce((total, label) => total + label, 0)
  const frauds = payments.frauds(train)
  const reported = payments.reportedBy(cutMs, train)
  const unjudged = payments.within(cutMs, toMs, 0)
  const byType: Partial<Record<FraudType, number>> = {}
  const campaigns: Partial<Record<FraudType, number>> = {}
  const known = new Set<number>()
  const days = new Set<number>()
  const customerDays = new Set<string>()
  for (const row of test) {
    const type = payments.types[row]!
    const day = Math.floor((payments.timesMs[row]! - cutMs) / DAY_MS)
    days.add(day)
    if (type === 'NONE') continue
    byType[type] = (byType[type] ?? 0) + 1
    const campaign = payments.campaigns[row]!
    if (!known.has(campaign)) campaigns[type] = (campaigns[type] ?? 0) + 1
    known.add(campaign)
    customerDays.add(`${day}/${payments.customers[row]}`)
  }
  return {
    payments: payments.count,
    trained: train.length,
    trainedFrauds: sum(frauds),
    trainedReported: sum(frauds.map((label, i) => label & reported[i]!)),
    tested: test.length,
    testedFrauds: sum(payments.frauds(test)),
    byType,
    campaigns,
    fraudCustomersADay: customerDays.size / days.size,
    unjudged: unjudged.length,
    unjudgedFrauds: sum(payments.frauds(unjudged)),
  }
}

/** Payment by payment: an alert counts for the payments of its cause that it names. */
function alertQuality({ payments, test }: ScoredRun): Scorecard['rules'] {
  const alerted = test.filter((row) => payments.alerts[row]! > 0)
  const hits = payments.frauds(alerted).reduce((sum, label) => sum + label, 0)
  const frauds = payments.frauds(test).reduce((sum, label) => sum + label, 0)
  return { recall: hits / frauds, precision: hits / alerted.length }
}
