import type { PaymentRail } from '#schemas/types.ts'
import { Random, type StreamKey, streamKey } from '../random.ts'
import { DAY_MS, dayStartMs, MINUTE_MS, simulatedDay } from '../time.ts'
import data from './data/outages.json' with { type: 'json' }
import { issuers } from './issuers.ts'

type Kind = Pick<typeof data.bank, 'minutes' | 'sigma' | 'declines'>

/** A stretch of time in which payments fail; empty on most days. */
class Spell {
  fromMs = 0
  toMs = 0
  share = 0

  /** Falls somewhere into the day that begins at `startMs`, and ends with it. */
  draw(startMs: number, chance: number, { minutes, sigma, declines }: Kind, random: Random): void {
    this.fromMs = startMs + Math.floor(random.unit() * DAY_MS)
    const lengthMs = Math.round(random.lognormal(minutes, sigma) * MINUTE_MS)
    this.toMs = random.unit() < chance ? Math.min(startMs + DAY_MS, this.fromMs + lengthMs) : 0
    this.share = random.uniform(declines[0]!, declines[1]!)
  }

  at(timeMs: number): number {
    return timeMs >= this.fromMs && timeMs < this.toMs ? this.share : 0
  }
}

/** UPI's technical declines of the mean bank, by volume (NPCI, August 2025). */
const MEAN_TECHNICAL = 0.0048
const TIMES_MAX = 2
const NATIONAL = -1

/** Banks that are down for an hour or two, and now and then all of UPI: functions of (seed, bank, day). */
export class Outages {
  readonly #key: StreamKey
  readonly #random = new Random()
  readonly #banks = issuers.map(() => new Spell())
  readonly #national = new Spell()
  #day = Number.NaN

  constructor(seed: string) {
    this.#key = streamKey(seed, 'outages')
  }

  /** The share of a bank's payments that fail at a moment because of an outage; 0 at most times. */
  shareAt(issuer: number, rail: PaymentRail, timeMs: number): number {
    const day = simulatedDay(timeMs)
    if (day !== this.#day) this.#draw(day)
    const bank = this.#banks[issuer]?.at(timeMs) ?? 0
    return rail === 'UPI' ? Math.max(this.#national.at(timeMs), bank) : bank
  }

  #draw(day: number): void {
    const startMs = dayStartMs(day)
    this.#day = day
    this.#national.draw(startMs, data.national.perDay, data.national, this.#random.at(this.#key, NATIONAL, day))
    for (const [index, { technicalDeclines }] of issuers.entries()) {
      const times = Math.min(TIMES_MAX, technicalDeclines / MEAN_TECHNICAL)
      const random = this.#random.at(this.#key, index, day)
      this.#banks[index]!.draw(startMs, data.bank.perDay * times, data.bank, random)
    }
  }
}
