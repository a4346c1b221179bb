import type { Combination, FraudType } from '#schemas/types.ts'
import type { Random } from '../random.ts'
import { DAY_MS, HOUR_MS } from '../time.ts'
import data from './combinations.json' with { type: 'json' }
import { draw } from './spread.ts'

const { chained, progressive } = data

/** What is to follow a campaign on the same account. */
export interface Sequel {
  readonly type: Exclude<FraudType, 'NONE'>
  readonly delayMs: number
  /** It does not happen at all unless it can begin within this time after that. */
  readonly withinMs: number
}

/** How a campaign hangs together with others of the same account. */
export interface Combined {
  readonly combination: Combination
  /** From 1, where severity rises from campaign to campaign; 0 otherwise. */
  readonly stage: number
  /** Id of the campaign before it. */
  readonly follows: string | null
  readonly sequel: Sequel | null
}

/** A campaign that has yet to follow another. */
export interface Following extends Omit<Combined, 'sequel'> {
  readonly type: Sequel['type']
  readonly fromMs: number
  readonly untilMs: number
}

const ALONE: Combined = { combination: 'NONE', stage: 0, follows: null, sequel: null }
const STAGES = progressive.stages.length

/** Draws whether a campaign of this type is the first of several: of the types that can be, this share. */
export function combine(type: Sequel['type'], share: number, random: Random): Combined {
  const chains = chained.chains.filter(({ from }) => from === type)
  const rises = progressive.types.includes(type)
  if ((chains.length === 0 && !rises) || !random.chance(share)) return ALONE
  if (rises && (chains.length === 0 || random.chance(0.5)))
    return { combination: 'PROGRESSIVE', stage: 1, follows: null, sequel: nextStage(type, 1, random) }
  const next = random.pick(chains).to as Sequel['type']
  return { combination: 'CHAINED', stage: 0, follows: null, sequel: sequelOf(next, chained, random) }
}

/** What holds for a campaign that follows another. */
export const follow = ({ type, combination, stage, follows }: Following, random: Random): Combined => ({
  combination,
  stage,
  follows,
  sequel: combination === 'PROGRESSIVE' ? nextStage(type, stage, random) : null,
})

/** What has to follow a campaign that has ended; null for nothing. */
export function followingOf(
  { id, combination, stage, sequel }: Omit<Combined, 'follows'> & { readonly id: string },
  endedMs: number,
): Following | null {
  if (sequel === null) return null
  const fromMs = endedMs + sequel.delayMs
  const next = combination === 'PROGRESSIVE' ? stage + 1 : 0
  return { type: sequel.type, fromMs, untilMs: fromMs + sequel.withinMs, combination, stage: next, follows: id }
}

/** Rupees that a stage is after: each a class of severity above the one before it. */
export const rupeesOfStage = (stage: number, random: Random): number =>
  draw(progressive.stages[stage - 1]!.rupees, random)

/** Who is robbed of little says nothing until it is over: so long after its end a stage is noticed at the earliest, milliseconds. */
export const silenceMs = (stage: number): number =>
  stage === 0 || stage === STAGES
    ? 0
    : (STAGES - stage) * (progressive.delayHours.max * HOUR_MS + progressive.withinDays * DAY_MS)

const nextStage = (type: Sequel['type'], stage: number, random: Random): Sequel | null =>
  stage === STAGES ? null : sequelOf(type, progressive, random)

const sequelOf = (
  type: Sequel['type'],
  { delayHours, withinDays }: Pick<typeof chained, 'delayHours' | 'withinDays'>,
  random: Random,
): Sequel => ({ type, delayMs: Math.round(draw(delayHours, random) * HOUR_MS), withinMs: withinDays * DAY_MS })
