import { type FeatureDescription, featureList } from '#services/scorer/features.ts'
import { isOutgoing } from '#services/scorer/payment.ts'
import { DAY_MS } from '#services/time.ts'
import type { Example } from './example-world.ts'

const ROWS = 6
/** The share of values among which examples are looked for: what is beyond is an oddity. */
const ORDINARY = 0.995
/** By then the scorer knows its customers. */
const LAST_MS = 7 * DAY_MS

/** What the records of a worked example have in common. */
const keyOf: Readonly<Record<string, (example: Example) => string | null>> = {
  instrument: ({ tx }) => tx.instrument_token,
  customer: ({ tx }) => tx.customer_id,
  account: ({ tx }) => tx.account_id,
  merchant: ({ tx }) => tx.merchant_id,
  payee: ({ tx }) => tx.payee_id,
  device: ({ tx }) => tx.device_id,
}

/** Features that look at money that comes in say so in their definitions; of others such records would tell nothing. */
const looksAtMoneyIn = ({ definition }: FeatureDescription): boolean =>
  /refund|chargeback|came in|record/i.test(definition)

/** The attempts of the last days, on which the figures of the pages are taken. */
export function lastAttempts(world: readonly Example[]): readonly Example[] {
  return lastDays(world).filter(({ tx }) => isOutgoing(tx))
}

function lastDays(world: readonly Example[]): readonly Example[] {
  const fromMs = world.at(-1)!.tx.event_time - LAST_MS
  return world.filter(({ tx }) => tx.event_time >= fromMs)
}

/** The values of each feature, a column for each: to walk over them by payment, once for each feature, takes far longer. */
export function columnsOf(examples: readonly Example[]): readonly Float64Array[] {
  const columns = featureList.map(() => new Float64Array(examples.length))
  for (const [row, { values }] of examples.entries()) {
    for (let place = 0; place < columns.length; place++) columns[place]![row] = values[place]!
  }
  return columns
}

/** Examples with those of one key together, each in order of time. */
interface Grouped {
  readonly examples: readonly Example[]
  /** Where each group begins, and the end. */
  readonly starts: readonly number[]
  readonly columns: readonly Float64Array[]
}

/**
 * Records in a row of one customer, merchant, or whoever else the feature is of, for each feature in its place: those in
 * which it took the most values, came down as well as up, and then those in which it moved furthest.
 */
export function workedExamples(world: readonly Example[]): readonly (readonly Example[])[] {
  const recent = lastDays(world)
  const attempts = lastAttempts(world)
  const groups = new Map<string, Grouped>()
  return featureList.map((feature, place) => {
    const among = looksAtMoneyIn(feature) ? recent : attempts
    const name = `${feature.key} ${among.length}`
    if (!groups.has(name)) groups.set(name, grouped(among, keyOf[feature.key]!))
    return mostTelling(groups.get(name)!, place)
  })
}

function grouped(among: readonly Example[], key: (example: Example) => string | null): Grouped {
  const keyed = among.filter((example) => key(example) !== null)
  const starts = [0]
  const examples: Example[] = []
  for (const group of Map.groupBy(keyed, key).values()) {
    examples.push(...group)
    starts.push(examples.length)
  }
  return { examples, starts, columns: columnsOf(examples) }
}

/** Of counters the smallest are plainest to see, of other values those that move furthest within what is met at all often. */
function mostTelling({ examples, starts, columns }: Grouped, place: number): readonly Example[] {
  const sign = featureList[place]!.type === 'int' ? -1 : 1
  const values = columns[place]!
  const ordinaryMax = values.toSorted()[Math.floor(values.length * ORDINARY)]!
  let best: readonly Example[] = []
  let most = 0
  let furthest = Number.NEGATIVE_INFINITY
  for (let group = 0; group + 1 < starts.length; group++) {
    const end = starts[group + 1]!
    for (let from = starts[group]!; from === starts[group] || from + ROWS <= end; from++) {
      const to = Math.min(end, from + ROWS)
      const own = values.subarray(from, to)
      const kinds = variety(own)
      if (kinds < most) continue
      const [least, greatest] = boundsOf(own)
      if (greatest > ordinaryMax) continue
      const range = sign * (greatest - least)
      if (kinds === most && range <= furthest) continue
      ;[best, most, furthest] = [examples.slice(from, to), kinds, range]
    }
  }
  return best
}

/** Different values; going up and coming down count as one more each. */
function variety(values: Float64Array): number {
  let different = 0
  let up = 0
  let down = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (values.indexOf(value) === i) different++
    if (i > 0 && value > values[i - 1]!) up = 1
    if (i > 0 && value < values[i - 1]!) down = 1
  }
  return different + up + down
}

function boundsOf(values: Float64Array): readonly [least: number, greatest: number] {
  let least = Number.POSITIVE_INFINITY
  let greatest = Number.NEGATIVE_INFINITY
  for (const value of values) {
    least = Math.min(least, value)
    greatest = Math.max(greatest, value)
  }
  return [least, greatest]
}
