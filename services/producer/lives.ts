import { AliasTable } from '../market/alias.ts'
import { cities } from '../market/cities.ts'
import { mix } from '../market/identifiers.ts'
import { Random, type StreamKey, streamKey } from '../random.ts'
import { afterBends, type Bend, lifeEvents, RELOCATION, spellBends } from './life-events.ts'
import { occupations } from './occupations.ts'
import type { Population } from './population.ts'

/** A customer's life changes at the most once in so many days. */
const BLOCK_DAYS = 120
const YEAR_DAYS = 365
const LIFE = 0x11fe0000
const AGES = 100
const WORD = 2 ** 32
/** What people spend grows with what they earn to this power, as their spending did when it was drawn. */
export const INCOME_EXPONENT = 0.4
const NEVER = -1

const homeTable = new AliasTable(cities.map(({ weight }) => weight))
const becomes = lifeEvents.map((event) => (event.becomes === undefined ? -1 : occupations.indexOf(event.becomes)))

/** By occupation and age: chances of the events in a block, each added to those before it. */
function chancesOf(occupation: number, age: number): Float64Array {
  let sum = 0
  return Float64Array.from(lifeEvents, ({ ages, occupations: whom, ratePerYear }) => {
    const can = age >= ages[0]! && age <= ages[1]! && (whom?.includes(occupations[occupation]!) ?? true)
    if (can) sum += (ratePerYear * BLOCK_DAYS) / YEAR_DAYS
    return sum
  })
}

/**
 * What has happened to customers, and what it does to a day. Follows from (seed, customer, the first day of history)
 * alone: years are cut into blocks, each with one event or none, and the blocks since the first day are gone through.
 * Lives begin with history: nothing has happened before it.
 */
export class Lives {
  /** Answers of `look`. City of residence, an index in `cities`. */
  home = 0
  /** Index in `occupations`. */
  occupation = 0
  /** Factors on income (0 while there is none), on the number of payments, and on amounts. */
  income = 1
  activity = 1
  amounts = 1
  /** How the mix of categories is bent, if it is. */
  bend: Bend | null = null
  /** Index in `lifeEvents` of what happens on the day, or -1. */
  today = NEVER

  readonly #people: Population
  readonly #firstDay: number
  readonly #key: StreamKey
  readonly #random = new Random()
  readonly #chances = occupations.map((_, occupation) =>
    Array.from({ length: AGES }, (_, age) => chancesOf(occupation, age)),
  )
  /** The largest chance that anybody has of an event in a block. */
  readonly #most = Math.max(...this.#chances.flatMap((byAge) => byAge.map((chances) => chances.at(-1)!)))
  #row = NEVER
  #day = NEVER

  constructor(seed: string, people: Population, firstDay: number) {
    this.#key = streamKey(seed, 'lives')
    this.#people = people
    this.#firstDay = firstDay
  }

  /** Finds how the customer lives on the civil day `day`. */
  look(row: number, day: number): void {
    if (row === this.#row && day === this.#day) return
    this.#row = row
    this.#day = day
    const people = this.#people
    this.home = people.city[row]!
    this.occupation = people.occupation[row]!
    this.income = 1
    this.activity = 1
    this.amounts = 1
    this.bend = null
    this.today = NEVER
    const shift = people.number[row]! % BLOCK_DAYS
    const tag = people.tag[row]!
    // Of the block after this one only the preparations are seen.
    const last = Math.floor((day + shift) / BLOCK_DAYS) + 1
    let happened = 0
    for (let block = Math.floor((this.#firstDay + shift) / BLOCK_DAYS); block <= last; block++) {
      const chance = mix(tag, block ^ LIFE) / WORD
      if (chance >= this.#most) continue
      const kind = this.#kindOf(row, block * BLOCK_DAYS - shift, chance)
      if (kind === NEVER || (lifeEvents[kind]!.once && happened & (1 << kind))) continue
      const random = this.#random.at(this.#key, people.number[row]!, block)
      const eventDay = block * BLOCK_DAYS - shift + random.below(BLOCK_DAYS)
      if (eventDay <= this.#firstDay) continue
      happened |= 1 << kind
      this.#apply(kind, day - eventDay, random)
    }
  }

  /** Days since history began on which something happened to the customer, from `from` to `to`, both included. */
  eventDays(row: number, from: number, to: number): number[] {
    const days: number[] = []
    for (let day = Math.max(from, this.#firstDay); day <= to; day++) {
      this.look(row, day)
      if (this.today !== NEVER) days.push(day)
    }
    return days
  }

  #kindOf(row: number, firstDay: number, chance: number): number {
    const years = Math.max(0, Math.floor((firstDay - this.#firstDay) / YEAR_DAYS))
    const chances = this.#chances[this.occupation]![Math.min(AGES - 1, this.#people.age[row]! + years)]!
    return chances.findIndex((sum) => chance < sum)
  }

  #apply(kind: number, since: number, random: Random): void {
    const { spell, after, income } = lifeEvents[kind]!
    const factor = income === undefined ? 1 : random.uniform(income[0]!, income[1]!)
    if (since >= 0) {
      if (since === 0) this.today = kind
      this.income *= factor
      this.amounts *= factor ** INCOME_EXPONENT
      this.activity *= after?.activity ?? 1
      if (afterBends[kind] !== null) this.bend = afterBends[kind]!
      if (becomes[kind] !== -1) this.occupation = becomes[kind]!
      if (kind === RELOCATION) this.#move(random)
    }
    if (spell === undefined || since < -spell.daysBefore || since >= spell.days) return
    this.income *= spell.income ?? 1
    this.activity *= spell.activity ?? 1
    this.amounts *= spell.amounts ?? 1
    if (spellBends[kind] !== null) this.bend = spellBends[kind]!
  }

  #move(random: Random): void {
    const from = this.home
    const city = homeTable.pick(random)
    this.home = city === from ? (city + 1 + random.below(cities.length - 1)) % cities.length : city
    this.amounts *= Math.sqrt(cities[this.home]!.costOfLiving / cities[from]!.costOfLiving)
  }
}
