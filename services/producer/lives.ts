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
/** Blocks that are gone through beforehand, to know until when nothing happens. */
const QUIET_BLOCKS = 6
/** How long before an event its preparations begin, at the most. */
const PREPARATION_DAYS = Math.max(...lifeEvents.map(({ spell }) => spell?.daysBefore ?? 0))

const homeTable = new AliasTable(cities.map(({ weight }) => weight))
const becomes = lifeEvents.map((event) => (event.becomes === undefined ? -1 : occupations.indexOf(event.becomes)))

/** By occupation and age: chances of the events in a block, each added to those before it. */
function chancesOf(perYear: readonly number[], occupation: number, age: number): Float64Array {
  let sum = 0
  return Float64Array.from(lifeEvents, ({ ages, occupations: whom }, kind) => {
    const can = age >= ages[0]! && age <= ages[1]! && (whom?.includes(occupations[occupation]!) ?? true)
    if (can) sum += (perYear[kind]! * BLOCK_DAYS) / YEAR_DAYS
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
  /** Whether people give the customer money for what happens. */
  gifts = false
  /** Index in `lifeEvents` of what happens on the day, or -1. */
  today = NEVER

  readonly #people: Population
  readonly #firstDay: number
  readonly #key: StreamKey
  readonly #random = new Random()
  readonly #chances: readonly (readonly Float64Array[])[]
  /** The largest chance that anybody has of an event in a block. */
  readonly #most: number
  /** Before this day nothing is different from what it was on the first day: most customers, most of the time. */
  readonly #quietUntil: Int32Array
  /** The answers are those of a life in which nothing has happened. */
  #plain = true
  #row = NEVER
  #day = NEVER

  constructor(seed: string, people: Population, firstDay: number) {
    this.#key = streamKey(seed, 'lives')
    this.#people = people
    this.#firstDay = firstDay
    const { lifeEventsPerYear } = people.distributions
    this.#chances = occupations.map((_, occupation) =>
      Array.from({ length: AGES }, (_, age) => chancesOf(lifeEventsPerYear, occupation, age)),
    )
    this.#most = Math.max(...this.#chances.flatMap((byAge) => byAge.map((chances) => chances.at(-1)!)))
    this.#quietUntil = new Int32Array(people.count)
    for (let row = 0; row < people.count; row++) this.#quietUntil[row] = this.#firstEffect(row)
  }

  /** Finds how the customer lives on the civil day `day`. */
  look(row: number, day: number): void {
    if (row === this.#row && day === this.#day) return
    this.#row = row
    this.#day = day
    const people = this.#people
    this.home = people.city[row]!
    this.occupation = people.occupation[row]!
    if (!this.#plain) this.#forget()
    if (this.quiet(row, day)) return
    this.#plain = false
    const shift = people.number[row]! % BLOCK_DAYS
    const first = Math.floor((this.#firstDay + shift) / BLOCK_DAYS)
    // Of the block after this one only the preparations are seen.
    const last = Math.floor((day + shift) / BLOCK_DAYS) + 1
    let happened = 0
    for (let block = first; block <= last; block++) {
      const kind = this.#kindIn(row, block)
      if (kind === NEVER || (lifeEvents[kind]!.once && happened & (1 << kind))) continue
      const eventDay = this.#dayIn(row, block)
      if (eventDay <= this.#firstDay) continue
      happened |= 1 << kind
      this.#apply(kind, day - eventDay, this.#random)
    }
  }

  #forget(): void {
    this.#plain = true
    this.income = 1
    this.activity = 1
    this.amounts = 1
    this.bend = null
    this.gifts = false
    this.today = NEVER
  }

  /** Whether nothing has happened to the customer up to the day; false does not say that something has. */
  quiet(row: number, day: number): boolean {
    return day < this.#quietUntil[row]!
  }

  /** City of residence on a day, without the rest. */
  homeOn(row: number, day: number): number {
    if (this.quiet(row, day)) return this.#people.city[row]!
    this.look(row, day)
    return this.home
  }

  #firstEffect(row: number): number {
    const shift = this.#people.number[row]! % BLOCK_DAYS
    const first = Math.floor((this.#firstDay + shift) / BLOCK_DAYS)
    this.occupation = this.#people.occupation[row]!
    for (let block = first; block < first + QUIET_BLOCKS; block++) {
      const eventDay = this.#kindIn(row, block) === NEVER ? NEVER : this.#dayIn(row, block)
      if (eventDay > this.#firstDay) return eventDay - PREPARATION_DAYS
    }
    return (first + QUIET_BLOCKS) * BLOCK_DAYS - shift - PREPARATION_DAYS
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

  /** What happens in a block to a customer of the present occupation, or -1. */
  #kindIn(row: number, block: number): number {
    const chance = mix(this.#people.tag[row]!, block ^ LIFE) / WORD
    if (chance >= this.#most) return NEVER
    const years = Math.max(0, Math.floor((block * BLOCK_DAYS - this.#firstDay) / YEAR_DAYS))
    const chances = this.#chances[this.occupation]![Math.min(AGES - 1, this.#people.age[row]! + years)]!
    return chances.findIndex((sum) => chance < sum)
  }

  /** The day of what happens in a block; leaves the generator placed for the rest of it. */
  #dayIn(row: number, block: number): number {
    const number = this.#people.number[row]!
    return block * BLOCK_DAYS - (number % BLOCK_DAYS) + this.#random.at(this.#key, number, block).below(BLOCK_DAYS)
  }

  #apply(kind: number, since: number, random: Random): void {
    const { spell, after, income, gifts } = lifeEvents[kind]!
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
    if (gifts !== undefined && since >= -gifts.daysBefore && since < gifts.days) this.gifts = true
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
    const { prices } = this.#people.distributions
    this.amounts *= Math.sqrt(prices[this.home]! / prices[from]!)
  }
}
