import { fraudTypes } from '#services/fraud-injector/fraud-types.ts'
import { fraudRate, type Settings } from '#services/settings.ts'
import type { FraudObserver } from './observer.ts'

/** So far from what was asked for, relative to it, a share may be where there is enough of it. */
export const TOLERANCE = 0.05
/** Of a normal distribution, 99 per cent lie within so many standard deviations. */
const Z99 = 2.576
/** The same for the types of the mix, of which there are some fifteen: all of them lie within in 98 of 100 runs. */
const Z999 = 3.29

type FraudTypeName = keyof typeof fraudTypes

/** By what a share holds: to 5 per cent; within what chance allows frauds that come one by one; or whole campaigns. */
export type Held = 'TOLERANCE' | 'BINOMIAL' | 'CAMPAIGNS'

/** A share that was asked for, and what came. */
export interface Share {
  readonly wanted: number
  readonly realised: number
  /** Realised over wanted, less one. */
  readonly off: number
  /** Where it lies if frauds come one by one, by chance: in 99 of 100 runs, or 999 of 1,000 for a type of the mix. */
  readonly binomial: readonly [number, number]
  /** The same as they come, in whole campaigns: where few are asked for, one more or less is many frauds. */
  readonly campaigns: readonly [number, number]
  /** The first of its bounds that it keeps; null for none. */
  readonly held: Held | null
}

export interface Shares {
  /** Frauds among transactions. */
  readonly rate: Share
  /** Frauds of each type among frauds. */
  readonly mix: ReadonlyMap<FraudTypeName, Share>
  /** Whether each of them holds. */
  readonly hold: boolean
}

/** What came of so many: `deviations` times `spread`, the standard deviation of the count in whole campaigns, is chance. */
export function shareOf(wanted: number, count: number, of: number, spread: number, deviations: number = Z99): Share {
  const total = Math.max(1, of)
  const realised = count / total
  const around = (deviation: number): [number, number] => [
    Math.max(0, wanted - deviations * deviation),
    Math.min(1, wanted + deviations * deviation),
  ]
  const binomial = around(Math.sqrt((wanted * (1 - wanted)) / total))
  const campaigns = around(spread / total)
  const off = wanted === 0 ? 0 : realised / wanted - 1
  const within = ([from, to]: readonly [number, number]): boolean => realised >= from && realised <= to
  const held = realised === wanted || Math.abs(off) <= TOLERANCE
  return {
    wanted,
    realised,
    off,
    binomial,
    campaigns,
    held: held ? 'TOLERANCE' : within(binomial) ? 'BINOMIAL' : within(campaigns) ? 'CAMPAIGNS' : null,
  }
}

/**
 * Rate and mix against what was asked for. A type's frauds are owed and come in campaigns, so their number strays by a
 * campaign in each partition, and by less where less than one is asked for: as Poisson's would.
 */
export function sharesOf({ fraud, partitions }: Settings, seen: FraudObserver): Shares {
  const names = Object.keys(fraudTypes) as FraudTypeName[]
  const expected = (type: FraudTypeName): number => fraudTypes[type].expectedTransactions
  const weight = (type: FraudTypeName): number => (fraud.mix[type] ?? 0) * expected(type)
  const total = names.reduce((sum, type) => sum + weight(type), 0)
  const rate = fraudRate(fraud)
  const types = names.map((type) => {
    const wanted = total === 0 ? 0 : weight(type) / total
    const campaigns = (wanted * rate * seen.transactions) / expected(type)
    return { type, wanted, variance: expected(type) ** 2 * Math.min(partitions, campaigns) }
  })
  const variance = types.reduce((sum, type) => sum + type.variance, 0)
  const counts = new Map<string, number>()
  for (const { type, twin, transactions } of seen.campaigns.values())
    if (!twin) counts.set(type, (counts.get(type) ?? 0) + transactions)
  const mix = types.map(({ type, wanted, variance: own }) => {
    // Of the frauds that there are: a campaign of another type makes this one's share smaller.
    const spread = Math.sqrt((1 - wanted) ** 2 * own + wanted ** 2 * (variance - own))
    return [type, shareOf(wanted, counts.get(type) ?? 0, seen.fraud, spread, Z999)] as const
  })
  const ofAll = shareOf(rate, seen.fraud, seen.transactions, Math.sqrt(variance))
  return { rate: ofAll, mix: new Map(mix), hold: [ofAll, ...mix.map(([, share]) => share)].every(({ held }) => held) }
}
