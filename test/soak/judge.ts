import type { Part } from './memory.ts'

/** The state of a run at one moment of its live part. */
export interface Sample {
  /** Since the live clock started. */
  readonly seconds: number
  readonly residentBytes: Readonly<Partial<Record<Part, number>>>
  readonly heapBytes: Readonly<Partial<Record<Part, number>>>
  /** Payments that all stages together are behind. */
  readonly lag: number
}

/** What the run's own report says of both ends, once everything is drained. */
export interface Ends {
  readonly producer: { readonly scheduled: number; readonly acked: number; readonly shortfall: number }
  readonly missing: readonly string[]
  readonly restarts: number
}

export interface Verdict {
  readonly what: string
  readonly found: string
  readonly limit: string
  readonly met: boolean
}

/** Memory may be so many times what it was when everything was warm. */
const GROWTH_MAX = 1.1
/**
 * A heap at its lowest still holds what is young and not yet let go, of halves of 64 MiB half of one on average: so
 * much more or less says nothing.
 */
const YOUNG_BYTES = 32 * 2 ** 20
/** Payments of so many seconds may be on their way at the most. */
const LAG_SECONDS_MAX = 10
/** Garbage waits for its collector, sometimes for minutes: windows of time are compared by what is left after it. */
const WINDOWS = 5
const SAMPLES_MIN = 2 * WINDOWS

/** Services whose memory is to be flat; of the others it is told. */
const judged: readonly Part[] = ['producer', 'fraud-injector', 'scorer', 'monitor']

/** Low enough to lie after a collection, and not the one odd sample below all others. */
const LOW_SHARE = 0.1

const lowOf = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length * LOW_SHARE)]!

/** Low-water marks of equal windows of the time after `fromSeconds`, for as long as there are values. */
export function windowed(
  samples: readonly Sample[],
  fromSeconds: number,
  value: (sample: Sample) => number | undefined,
): number[] {
  const after = samples.filter((sample) => sample.seconds >= fromSeconds && value(sample) !== undefined)
  if (after.length < SAMPLES_MIN) return []
  const first = after[0]!.seconds
  const width = (after.at(-1)!.seconds - first) / WINDOWS
  return Array.from({ length: WINDOWS }, (_, index) =>
    after.filter(({ seconds }) => Math.min(WINDOWS - 1, Math.floor((seconds - first) / width)) === index),
  )
    .filter((window) => window.length > 0)
    .map((window) => lowOf(window.map((sample) => value(sample)!)))
}

/** Holds a soak against what is asked of it; what could not be measured is not met. */
export function judge(
  samples: readonly Sample[],
  ends: Ends | undefined,
  { warmUpSeconds, perSecond }: { readonly warmUpSeconds: number; readonly perSecond: number },
): Verdict[] {
  const memory = judged.flatMap((part) => [
    flat(
      `${part}, resident`,
      windowed(samples, warmUpSeconds, (sample) => sample.residentBytes[part]),
    ),
    ...(samples.some(({ heapBytes }) => heapBytes[part] !== undefined)
      ? [
          flat(
            `${part}, heap`,
            windowed(samples, warmUpSeconds, (sample) => sample.heapBytes[part]),
            YOUNG_BYTES,
          ),
        ]
      : []),
  ])
  const lags = samples.filter(({ seconds }) => seconds >= warmUpSeconds).map(({ lag }) => lag)
  const lagMax = lags.length === 0 ? undefined : Math.max(...lags)
  const limit = LAG_SECONDS_MAX * perSecond
  return [
    ...memory,
    {
      what: 'lag, most',
      found: lagMax === undefined ? 'nothing measured' : `${lagMax} payments`,
      limit: `${limit} payments`,
      met: lagMax !== undefined && lagMax <= limit,
    },
    ...ending(ends),
  ]
}

/** Within a tenth of what it was, or within `slackBytes`. */
function flat(what: string, lows: readonly number[], slackBytes = 0): Verdict {
  const slack = slackBytes === 0 ? '' : ` or ${slackBytes / 2 ** 20} MiB more`
  const limit = `x${GROWTH_MAX}${slack}`
  const [first] = lows
  if (first === undefined) return { what, found: 'too few samples', limit, met: false }
  const growth = Math.max(...lows) / first
  const mebibytes = lows.map((bytes) => (bytes / 2 ** 20).toFixed(0)).join(', ')
  const met = growth <= GROWTH_MAX || Math.max(...lows) - first <= slackBytes
  return { what, found: `x${growth.toFixed(3)} (low MiB: ${mebibytes})`, limit, met }
}

function ending(ends: Ends | undefined): Verdict[] {
  if (ends === undefined) return [{ what: 'the run', found: 'no report', limit: 'a report', met: false }]
  const { producer, missing, restarts } = ends
  const lost = producer.scheduled - producer.acked
  return [
    {
      what: 'due and not acknowledged',
      found: `${lost}, shortfall ${producer.shortfall}`,
      limit: '0',
      met: lost === 0 && producer.shortfall === 0,
    },
    { what: 'not come through', found: missing.join('; ') || 'nothing', limit: 'nothing', met: missing.length === 0 },
    { what: 'restarts', found: String(restarts), limit: '0', met: restarts === 0 },
  ]
}
