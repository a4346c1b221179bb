import { alertTopics } from '#schemas/topics.ts'
import { withoutModel } from '#services/scorer/score.ts'
import { type Settings, settingsSchema } from '#services/settings.ts'
import { DAY_MS } from '#services/time.ts'
import { MemoryPipeline } from '../memory/pipeline.ts'
import { Payments } from './payments.ts'

/** How many live, and the days of a run, one after the other. */
export interface Plan {
  readonly customers: number
  /** Until the scorer knows its customers; nobody is trained or tested on them. */
  readonly warmUpDays: number
  readonly trainDays: number
  /** Training waits so long for reports of the last training days. What is reported later, it does not know. */
  readonly delayDays: number
  readonly testDays: number
}

/**
 * A week's delay as in the Fraud Detection Handbook's own evaluation. Three weeks are learnt from: much of what is reported
 * takes two weeks and more. So many customers for two weeks have 10 to 60 campaigns of each type: with fewer, an AUC by
 * type moves by more than its band from seed to seed, and so few customers have a fraud a day that even a perfect
 * detector's card precision@100 would be low.
 */
export const standardPlan: Plan = { customers: 10_000, warmUpDays: 7, trainDays: 21, delayDays: 7, testDays: 14 }

export interface ScoredRun {
  readonly settings: Settings
  readonly payments: Payments
  readonly fromMs: number
  /** Payments to learn from. */
  readonly train: Uint32Array
  /** When training takes place: the test begins. */
  readonly cutMs: number
  readonly test: Uint32Array
  readonly toMs: number
}

const daysOf = ({ warmUpDays, trainDays, delayDays, testDays }: Plan): number =>
  warmUpDays + trainDays + delayDays + testDays

/** For so many days a scenario's fabricated customers last: each is used up by its one campaign. */
const FABRICATED_DAYS = 28

/** As many more fabricated customers as a longer run uses up: else there would be none left to test on. */
const syntheticShare = ({ population }: Settings, plan: Plan): number =>
  Math.min(0.5, population.syntheticShare * Math.max(1, daysOf(plan) / FABRICATED_DAYS))

/**
 * A scenario's population, fraud and scorer for the customers and days of the plan. Its disorder does not count: what is
 * measured is how hard the frauds are, not the network.
 */
export const scorecardSettings = (settings: Settings, plan: Plan): Settings => {
  const { seed, population, fraud, scorer, clock, partitions } = settings
  return settingsSchema.parse({
    seed,
    partitions,
    population: { ...population, customers: plan.customers, syntheticShare: syntheticShare(settings, plan) },
    fraud,
    scorer,
    clock: { start: clock.start, history: `${daysOf(plan)}d` },
  })
}

/**
 * World, injector and scorer in memory, without Kafka and without a model, so that alerts are those of the rules alone; tells `onDay` how many of how many days are over.
 */
export function runScored(settings: Settings, plan: Plan, onDay: (day: number, days: number) => void): ScoredRun {
  const pipeline = new MemoryPipeline(settings, withoutModel)
  const payments = new Payments()
  const fromMs = pipeline.sources[0]!.historyFromMs
  const days = daysOf(plan)
  const toMs = fromMs + days * DAY_MS
  const go = (untilMs: number): void => {
    pipeline.generate(untilMs)
    pipeline.settle()
    collect(pipeline, payments)
    pipeline.forget()
  }
  for (let day = 1; day <= days; day++) {
    go(fromMs + day * DAY_MS)
    onDay(day, days)
  }
  // Time is told a little further, once no timer is left to fire, so that the very last questions are answered.
  for (let ms = 1; ms <= 3; ms++) go(toMs + ms)
  payments.checkComplete()
  const trainFromMs = fromMs + plan.warmUpDays * DAY_MS
  const trainToMs = trainFromMs + plan.trainDays * DAY_MS
  const cutMs = trainToMs + plan.delayDays * DAY_MS
  const train = payments.within(trainFromMs, trainToMs)
  return { settings, payments, fromMs, train, cutMs, test: payments.within(cutMs, toMs), toMs }
}

function collect({ log }: MemoryPipeline, payments: Payments): void {
  for (const { value } of log.records('transactions')) payments.transaction(value)
  for (const { value } of log.records('ground-truth')) payments.truth(value)
  for (const { value } of log.records('features')) payments.features(value.transaction_id, value.values)
  for (const { value } of log.records('fraud-reports')) payments.report(value)
  for (const topic of Object.values(alertTopics)) {
    for (const { value } of log.records(topic)) payments.alert(value)
  }
}
