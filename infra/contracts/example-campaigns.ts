import { liveThrough } from '#infra/memory/labelled-world.ts'
import type { GroundTruth, Transaction } from '#schemas/types.ts'
import { methods } from '#services/fraud-injector/registry.ts'
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
  liveThrough(settings, RECORDS, {
    labelled(tx, truth) {
      if (!truth.is_fraud || truth.combination === 'CHAINED' || truth.combination === 'PROGRESSIVE') return
      const campaign = campaigns.get(truth.campaign_id!) ?? []
      campaigns.set(truth.campaign_id!, campaign)
      campaign.push({ tx, truth })
    },
  })
  const examples = new Map<GroundTruth['fraud_type'], readonly Labelled[]>()
  for (const { type } of methods) {
    const own = [...campaigns.values()].filter(([first]) => first!.truth.fraud_type === type)
    own.sort((a, b) => a.length - b.length)
    const middle = own[Math.floor(own.length / 2)]
    if (middle !== undefined) examples.set(type, middle)
  }
  return examples
}
