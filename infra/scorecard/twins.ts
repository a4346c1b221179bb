import type { Scores } from './detectors.ts'
import { FALSE_ALARMS } from './evaluate.ts'
import type { ScoredRun } from './run.ts'

/** False alarms of the model where it disturbs 1 % of genuine payments: the share of doubles, and of all others. */
export interface TwinAlarms {
  readonly twins: number
  readonly twinFalseAlarms: number
  readonly otherFalseAlarms: number
  readonly ratio: number
}

/** The score from which on an alarm disturbs 1 % of genuine payments. */
export function alarmLimit({ payments, test }: ScoredRun, scores: Scores): number {
  const genuine = scores.filter((_, i) => payments.types[test[i]!] === 'NONE').sort()
  return genuine[Math.floor((1 - FALSE_ALARMS) * genuine.length)]!
}

export function twinAlarms(run: ScoredRun, scores: Scores): TwinAlarms {
  const { payments, test } = run
  const limit = alarmLimit(run, scores)
  const shareOf = (twin: number): { readonly count: number; readonly share: number } => {
    const own = scores.filter((_, i) => payments.types[test[i]!] === 'NONE' && payments.twins[test[i]!] === twin)
    return { count: own.length, share: own.filter((score) => score >= limit).length / own.length }
  }
  const [others, twins] = [shareOf(0), shareOf(1)]
  return {
    twins: twins.count,
    twinFalseAlarms: twins.share,
    otherFalseAlarms: others.share,
    ratio: twins.share / others.share,
  }
}
