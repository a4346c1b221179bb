import type { Settings } from '#services/settings.ts'
import { HOUR_MS } from '#services/time.ts'
import type { FraudObserver, SeenCampaign } from './observer.ts'
import { type Share, type Shares, sharesOf } from './shares.ts'

/** Of a Poisson distribution, about 99.9 per cent lie below its mean and so many standard deviations. */
const Z999 = 3.29
const CLUSTERS_MAX = 20

export interface TypeLine {
  readonly type: string
  readonly campaigns: number
  readonly transactions: number
  readonly shareOfFraud: Share
  readonly medianMinutes: number
  readonly lossRupees: number
  readonly recoveredRupees: number
  readonly twins: number
  readonly rings: number
  /** Customers of the largest ring. */
  readonly ringMax: number
  readonly anomalousShare: number
}

export type FraudStatistics = ReturnType<typeof statistics>

const rupees = (minor: number): number => Math.round(minor / 100)

/** All there is to say of a labelled stream made with these settings. */
export function statistics(settings: Settings, seen: FraudObserver) {
  const campaigns = [...seen.campaigns.values()]
  const frauds = campaigns.filter(({ twin }) => !twin)
  const shares = sharesOf(settings, seen)
  return {
    seed: settings.seed,
    customers: settings.population.customers,
    transactions: seen.transactions,
    from: new Date(seen.firstMs).toISOString(),
    to: new Date(seen.lastMs).toISOString(),
    rate: shares.rate,
    sharesHold: shares.hold,
    types: typeLines(shares, seen, campaigns),
    severities: Object.fromEntries(seen.severities),
    phases: Object.fromEntries([...seen.phases].sort()),
    combinations: counted(frauds.map(({ combination }) => combination)),
    coOccurrence: coOccurrence(frauds),
    clusters: clusters(seen),
    anomalies: Object.fromEntries([...seen.anomalies].sort()),
    reports: {
      ...Object.fromEntries([...seen.reports].sort()),
      lossRupees: rupees(seen.reportedLossMinor),
      recoveredRupees: rupees(seen.reportedRecoveredMinor),
    },
  }
}

function counted(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

function typeLines({ mix }: Shares, seen: FraudObserver, campaigns: readonly SeenCampaign[]): TypeLine[] {
  return [...mix].map(([type, shareOfFraud]) => {
    const own = campaigns.filter((campaign) => campaign.type === type)
    const frauds = own.filter(({ twin }) => !twin)
    const sum = (of: (campaign: SeenCampaign) => number): number => frauds.reduce((all, one) => all + of(one), 0)
    const transactions = sum((campaign) => campaign.transactions)
    const rings = ringSizes(frauds)
    const minutes = frauds.map(({ firstMs, lastMs }) => (lastMs - firstMs) / 60_000).sort((a, b) => a - b)
    return {
      type,
      campaigns: frauds.length,
      transactions,
      shareOfFraud,
      medianMinutes: minutes[Math.floor(minutes.length / 2)] ?? 0,
      lossRupees: rupees(sum(({ lossMinor }) => lossMinor)),
      recoveredRupees: rupees(sum(({ recoveredMinor }) => recoveredMinor)),
      twins: own.length - frauds.length,
      rings: rings.length,
      ringMax: Math.max(0, ...rings),
      anomalousShare: transactions === 0 ? 0 : (seen.anomalies.get(`${type}/ANY`) ?? 0) / transactions,
    }
  })
}

/** Customers of each ring. */
function ringSizes(campaigns: readonly SeenCampaign[]): number[] {
  const members = new Map<string, Set<string>>()
  for (const { ringId, customers } of campaigns) {
    if (ringId === null) continue
    const ring = members.get(ringId) ?? new Set()
    members.set(ringId, ring)
    for (const customer of customers) ring.add(customer)
  }
  return [...members.values()].map(({ size }) => size)
}

/** How many customers were hit by, or took part in, two types each; the most frequent pairs first. */
function coOccurrence(campaigns: readonly SeenCampaign[]): { readonly types: string; readonly customers: number }[] {
  const typesOf = new Map<string, Set<string>>()
  for (const { type, customers } of campaigns)
    for (const customer of customers) typesOf.set(customer, (typesOf.get(customer) ?? new Set()).add(type))
  const pairs = [...typesOf.values()].flatMap((types) => {
    const sorted = [...types].sort()
    return sorted.flatMap((a, i) => sorted.slice(i + 1).map((b) => `${a} + ${b}`))
  })
  return Object.entries(counted(pairs))
    .map(([types, customers]) => ({ types, customers }))
    .sort((a, b) => b.customers - a.customers || (a.types < b.types ? -1 : 1))
}

/** Hours with more fraud of a type than all but one in a thousand would have if it came evenly. */
function clusters({ hours, firstMs, lastMs }: FraudObserver) {
  const span = Math.max(1, (lastMs - firstMs) / HOUR_MS)
  const totals = new Map<string, number>()
  for (const [key, count] of hours) {
    const type = key.split('/')[0]!
    totals.set(type, (totals.get(type) ?? 0) + count)
  }
  return [...hours]
    .flatMap(([key, frauds]) => {
      const [type, hour] = key.split('/') as [string, string]
      const mean = totals.get(type)! / span
      if (frauds < 5 || frauds <= mean + Z999 * Math.sqrt(mean)) return []
      return [{ type, hour: new Date(Number(hour) * HOUR_MS).toISOString(), frauds, ordinary: Number(mean.toFixed(3)) }]
    })
    .sort((a, b) => b.frauds - a.frauds || (a.hour < b.hour ? -1 : 1))
    .slice(0, CLUSTERS_MAX)
}
