import type { GroundTruth, Transaction } from '#schemas/types.ts'
import { fraudInjector } from '#services/fraud-injector/fold.ts'
import { methods } from '#services/fraud-injector/registry.ts'
import { PartitionFold } from '#services/partition-fold.ts'
import { World } from '#services/producer/world.ts'
import { settingsSchema } from '#services/settings.ts'

export interface Labelled {
  readonly tx: Transaction
  readonly truth: GroundTruth
}

/** Enough for a whole campaign of every type. */
const RECORDS = 60_000
const settings = settingsSchema.parse({
  seed: 'example',
  partitions: 1,
  population: { customers: 1_500 },
  fraud: { rate: 0.05, mix: Object.fromEntries(methods.map(({ type, row }) => [type, 10 / row.expectedTransactions])) },
})

/** A campaign of each type, as it came out of a small world: of those that stand alone, one of middling length. */
export function exampleCampaigns(): Map<GroundTruth['fraud_type'], readonly Labelled[]> {
  const campaigns = new Map<string, Labelled[]>()
  let tx: Transaction | undefined
  const injector = new PartitionFold(fraudInjector(settings), 0, 1, (topic, _key, value) => {
    if (topic === 'transactions') tx = value as Transaction
    if (topic !== 'ground-truth') return
    const truth = value as GroundTruth
    if (!truth.is_fraud || truth.combination === 'CHAINED' || truth.combination === 'PROGRESSIVE') return
    const campaign = campaigns.get(truth.campaign_id!) ?? []
    campaigns.set(truth.campaign_id!, campaign)
    campaign.push({ tx: tx!, truth })
  })
  const world = new World(settings, 0)
  for (let records = 0; records < RECORDS; ) {
    world.next((topic, key, value, timestampMs) => {
      if (topic !== 'transactions.genuine') return
      records++
      injector.process({ topic, key, value: value as Transaction, timestampMs })
    }, null)
  }
  const examples = new Map<GroundTruth['fraud_type'], readonly Labelled[]>()
  for (const { type } of methods) {
    const own = [...campaigns.values()].filter(([first]) => first!.truth.fraud_type === type)
    own.sort((a, b) => a.length - b.length)
    const middle = own[Math.floor(own.length / 2)]
    if (middle !== undefined) examples.set(type, middle)
  }
  return examples
}
