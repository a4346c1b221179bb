import { liveThrough } from '#infra/memory/labelled-world.ts'
import { MemoryScorer, type Scored } from '#infra/memory/memory-scorer.ts'
import type { GroundTruth, Transaction } from '#schemas/types.ts'
import { methods } from '#services/fraud-injector/registry.ts'
import { settingsSchema } from '#services/settings.ts'

/** A payment of the examples: what it was, and what the scorer thought of it. */
export interface Example extends Scored {
  readonly truth: GroundTruth
}

/** Enough for a whole campaign of every type. */
const RECORDS = 60_000
/** That leave together, as in a transaction of the scorer. */
const BATCH = 500

export const exampleSettings = settingsSchema.parse({
  seed: 'example',
  partitions: 1,
  population: { customers: 1_500 },
  fraud: { rate: 0.05, mix: Object.fromEntries(methods.map(({ type, row }) => [type, 10 / row.expectedTransactions])) },
})

/** The small world that the examples of all pages are from, in the order of its stream. */
export function exampleWorld(): readonly Example[] {
  const scorer = new MemoryScorer(exampleSettings)
  const truths = new Map<string, GroundTruth>()
  const examples: Example[] = []
  let batch: Transaction[] = []
  const score = (): void => {
    for (const scored of scorer.score(batch)) {
      examples.push({ ...scored, truth: truths.get(scored.tx.transaction_id)! })
    }
    batch = []
  }
  liveThrough(exampleSettings, RECORDS, {
    labelled(tx, truth) {
      truths.set(tx.transaction_id, truth)
      batch.push(tx)
      if (batch.length === BATCH) score()
    },
    report: (report) => scorer.report(report),
  })
  score()
  return examples
}

const count = (value: number): string => value.toLocaleString('en-IN')

/** In words, what the figures of the pages are of. */
export const aboutWorld = `a small simulated world that all pages share: ${count(exampleSettings.population.customers)} customers, ${count(RECORDS)} payments, and every type of fraud`
