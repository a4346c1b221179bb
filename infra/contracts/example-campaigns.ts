import type { GroundTruth } from '#schemas/types.ts'
import { methods } from '#services/fraud-injector/registry.ts'
import type { Example } from './example-world.ts'

/** A campaign of each type, as it came out of a small world: of those that stand alone, one of middling length. */
export function exampleCampaigns(world: readonly Example[]): Map<GroundTruth['fraud_type'], readonly Example[]> {
  const campaigns = new Map<string, Example[]>()
  for (const example of world) {
    const { is_fraud, combination, campaign_id } = example.truth
    if (!is_fraud || combination === 'CHAINED' || combination === 'PROGRESSIVE') continue
    const campaign = campaigns.get(campaign_id!) ?? []
    campaigns.set(campaign_id!, campaign)
    campaign.push(example)
  }
  const examples = new Map<GroundTruth['fraud_type'], readonly Example[]>()
  for (const { type } of methods) {
    const own = [...campaigns.values()].filter(([first]) => first!.truth.fraud_type === type)
    own.sort((a, b) => a.length - b.length)
    const middle = own[Math.floor(own.length / 2)]
    if (middle !== undefined) examples.set(type, middle)
  }
  return examples
}
