import type { FraudType } from '#schemas/types.ts'
import type { FraudSettings, Settings } from '#services/settings.ts'
import { worldTransactions } from './genuine.ts'
import { InjectorRun, injectorSettings, type Labelled } from './injector.ts'

/** All that belongs to one campaign, in order. */
export type CampaignRecords = readonly Labelled[]

/** Runs a world in which one type of fraud is frequent, and nothing else odd: enough campaigns to hold against a definition. */
export function campaignWorld(
  type: FraudType,
  seed: string,
  records: number,
  rate = 0.05,
  more: Partial<FraudSettings> = {},
  population: Partial<Settings['population']> = {},
): InjectorRun {
  const alone = { mix: { [type]: 1 }, twinsPerCampaign: 1, combinations: 0, anomalyRate: 0 }
  const fraud = injectorSettings(seed, { rate, ...alone, ...more })
  const settings = { ...fraud, population: { ...fraud.population, customers: 2_000, ...population } }
  const run = new InjectorRun(settings)
  for (const tx of worldTransactions(settings, records)) run.genuine(tx)
  return run
}

const grouped = (records: readonly Labelled[]): CampaignRecords[] => {
  const groups = new Map<string, Labelled[]>()
  for (const record of records) {
    const id = record.truth.campaign_id
    if (id === null) continue
    const group = groups.get(id)
    if (group === undefined) groups.set(id, [record])
    else group.push(record)
  }
  return [...groups.values()]
}

export const fraudCampaigns = (run: InjectorRun): CampaignRecords[] =>
  grouped(run.labelled.filter(({ truth }) => truth.is_fraud))

export const twinCampaigns = (run: InjectorRun): CampaignRecords[] =>
  grouped(run.labelled.filter(({ truth }) => truth.benign_twin_of !== null))

/** Milliseconds from each record of a campaign to the next. */
export const gapsMs = (campaign: CampaignRecords): number[] =>
  campaign.slice(1).map(({ tx }, i) => tx.event_time - campaign[i]!.tx.event_time)

export const quantile = (values: readonly number[], q: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor(q * (values.length - 1))]!
