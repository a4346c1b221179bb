import { nationalHours } from '../market/calendar.ts'
import type { Settings } from '../settings.ts'
import { DAY_START_HOUR } from '../time.ts'

type Rate = Extract<Settings['pace'], { rate: unknown }>['rate']

/** A rate in stages, each a straight line: what every other form of a course comes down to. */
export type Stages = Extract<Rate, { stages: unknown }>
/** A course by the name of its shape. */
export type Shape = Extract<Rate, { shape: unknown }>

const STEPS = 5
/** Straight lines for a wave: they leave its curve by less than 1 % of its height. */
const WAVE_LINES = 24
/** Of a spike's period, the share that it lasts. */
const SPIKE = 0.1

/** The stages of a shape. Those of the wave and the spike begin and end at `low`, the day's at three in the night. */
export function stagesOf({ shape, low, high, period }: Shape): Stages {
  const at = (share: number): number => low + (high - low) * share
  switch (shape) {
    case 'ramp':
      return { from: low, stages: [{ for: period, to: high }], loop: false }
    case 'steps': {
      const rates = Array.from({ length: STEPS }, (_, step) => at(step / (STEPS - 1)))
      const stages = rates.flatMap((to) => [
        { for: 0, to },
        { for: period / STEPS, to },
      ])
      return { from: low, stages, loop: false }
    }
    case 'spike': {
      const quiet = { for: (period * (1 - SPIKE)) / 2, to: low }
      const stages = [quiet, { for: 0, to: high }, { for: period * SPIKE, to: high }, { for: 0, to: low }, quiet]
      return { from: low, stages, loop: true }
    }
    case 'wave':
      return around(
        Array.from({ length: WAVE_LINES }, (_, i) => at((1 - Math.cos((2 * Math.PI * i) / WAVE_LINES)) / 2)),
        period,
      )
    case 'day': {
      const [least, most] = [Math.min(...nationalHours), Math.max(...nationalHours)]
      const fromNight = [...nationalHours.slice(DAY_START_HOUR), ...nationalHours.slice(0, DAY_START_HOUR)]
      return around(
        fromNight.map((weight) => at((weight - least) / (most - least))),
        period,
      )
    }
  }
}

/** Straight lines from one rate to the next and from the last to the first, over and over. */
const around = (rates: readonly number[], period: number): Stages => ({
  from: rates[0]!,
  stages: rates.map((_, i) => ({ for: period / rates.length, to: rates[(i + 1) % rates.length]! })),
  loop: true,
})
