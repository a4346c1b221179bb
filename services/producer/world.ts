import { partitionOf } from '#schemas/partition.ts'
import type { Customer } from '#schemas/types.ts'
import type { Emit } from '../fold.ts'
import { merchantRecords } from '../market/merchants.ts'
import { Random, type StreamKey, streamKey } from '../random.ts'
import { liveFromMs, type Settings } from '../settings.ts'
import type { Source, SourceProgress } from '../source.ts'
import { dayStartMs, simulatedDay } from '../time.ts'
import { activityOf } from './activity.ts'
import { eventsBefore } from './customer-events.ts'
import { DayPlan, PlanScratch } from './day-plan.ts'
import { Decision } from './decision.ts'
import { Journeys } from './journeys.ts'
import { Ledger } from './ledger.ts'
import { lifeRecords } from './life-records.ts'
import { Lives } from './lives.ts'
import { openLedger } from './opening.ts'
import { Payment } from './payment.ts'
import { Population } from './population.ts'
import { profileOf } from './profile.ts'
import { transactionOf } from './record.ts'
import { type Scene, sceneOf } from './scene.ts'
import { Whereabouts } from './whereabouts.ts'

/**
 * A partition is a little world: the customers whose keys fall into it live, pay and are restored by themselves.
 *
 * Behaviour:
 * - Payments come in the order of (event time, customer, ordinal). Each is a function of (seed, customer, day,
 *   ordinal) and of the customer's own ledger, so the union over partitions is the same however many there are.
 * - `restore` repeats the day from the ledger as it stood at its start, without emitting, up to where it was.
 */
export class World implements Source {
  readonly historyFromMs: number
  readonly liveFromMs: number

  readonly #people: Population
  readonly #ledger: Ledger
  readonly #lives: Lives
  readonly #ledgerAtDayStart: Uint8Array
  readonly #payment = new Payment()
  readonly #scene: Scene
  readonly #decision: Decision
  readonly #eventKey: StreamKey
  readonly #lifeKey: StreamKey
  readonly #profileKey: StreamKey
  readonly #profileRandom = new Random()
  readonly #partition: number
  readonly #partitions: number
  #plan: DayPlan
  /** The plan of a later day, made while counting. */
  #later: DayPlan
  #day: number
  #emittedInDay = 0
  #transactions = 0
  /** The plan stands on a payment that has not been emitted. */
  #ready = false

  /** `partition` is one of `settings.partitions`. The world begins `settings.clock.history` before the live clock. */
  constructor(settings: Settings, partition: number) {
    this.liveFromMs = liveFromMs(settings)
    this.#day = simulatedDay(this.liveFromMs - settings.clock.history)
    this.historyFromMs = dayStartMs(this.#day)
    this.#partition = partition
    this.#partitions = settings.partitions
    this.#people = new Population(settings, partition)
    this.#ledger = new Ledger(this.#people.count)
    openLedger(this.#ledger, this.#people, settings.seed)
    this.#ledgerAtDayStart = new Uint8Array(this.#ledger.byteLength)
    this.#lives = new Lives(settings.seed, this.#people, this.#day)
    const journeys = new Journeys(settings.seed, this.#people, this.#lives)
    const whereabouts = new Whereabouts(this.#people, this.#lives, journeys)
    this.#scene = sceneOf(
      settings,
      this.#people,
      this.#ledger,
      this.#lives,
      journeys,
      whereabouts,
      activityOf(this.#day),
    )
    this.#decision = new Decision(this.#scene)
    this.#eventKey = streamKey(settings.seed, 'customer-events')
    this.#lifeKey = streamKey(settings.seed, 'life-records')
    this.#profileKey = streamKey(settings.seed, 'profiles')
    const scratch = new PlanScratch(settings.seed, this.#people, this.#lives, journeys, whereabouts)
    this.#plan = new DayPlan(scratch)
    this.#later = new DayPlan(scratch)
    this.#begin(this.#day)
  }

  get day(): number {
    return this.#day
  }

  get emittedInDay(): number {
    return this.#emittedInDay
  }

  /** Payments emitted since history began. */
  get transactions(): number {
    return this.#transactions
  }

  progress(): SourceProgress {
    return { day: this.#day, emittedInDay: this.#emittedInDay, transactions: this.#transactions }
  }

  /** The ledger as it stood when the current day began. The same bytes are overwritten when the next day begins. */
  ledgerAtDayStart(): Uint8Array {
    return this.#ledgerAtDayStart
  }

  /** Event time of the next payment, UTC milliseconds; Infinity in a partition of which no customer pays. */
  peekMs(): number {
    if (this.#people.living === 0) return Number.POSITIVE_INFINITY
    while (!this.#ready) {
      if (this.#plan.advance()) this.#ready = true
      else this.#begin(this.#day + 1)
    }
    return dayStartMs(this.#day) + this.#plan.ms
  }

  get lastMs(): number {
    return this.#emittedInDay > 0 ? this.#payment.timeMs : dayStartMs(this.#day) - 1
  }

  /** Emits the next payment, after the customer events that belong before it. */
  next(emit: Emit, intendedAtMs: number | null): void {
    this.#decideNext()
    const p = this.#payment
    const { identity } = this.#scene
    if (p.sinceDay > 0 && !this.#lives.quiet(p.row, p.day)) this.#tellLife(emit, intendedAtMs)
    if (p.hasEvents) {
      for (const event of eventsBefore(p, this.#people, this.#ledger, identity, this.#eventKey, intendedAtMs)) {
        emit('customer-events', event.customer_id, event, event.event_time)
      }
    }
    const record = transactionOf(p, this.#people, this.#ledger, identity, intendedAtMs)
    emit('transactions.genuine', record.customer_id, record, record.event_time)
  }

  /** What happened to the customer, and the profile as it is since. */
  #tellLife(emit: Emit, intendedAtMs: number | null): void {
    const { row, day } = this.#payment
    for (const event of lifeRecords(this.#payment, this.#people, this.#lives, this.#lifeKey, intendedAtMs)) {
      emit('customer-events', event.customer_id, event, event.event_time)
      this.#lives.look(row, day)
      emit('customers', event.customer_id, this.#profile(row), event.event_time)
    }
  }

  /** How many payments at or before `untilMs` are still to come. Changes nothing that can be seen. */
  countDue(untilMs: number): number {
    if (this.#people.living === 0) return 0
    let due = this.#plan.countDue(untilMs - dayStartMs(this.#day)) + (this.#ready ? this.#readyDue(untilMs) : 0)
    for (let day = this.#day + 1; dayStartMs(day) <= untilMs; day++) {
      if (this.#later.day !== day) this.#later.make(day)
      due += this.#later.countDue(untilMs - dayStartMs(day))
    }
    return due
  }

  /** Continues exactly where `progress` was taken, given the ledger of that day's start. */
  restore(progress: SourceProgress, ledger: Uint8Array): void {
    this.#ledger.restore(ledger)
    this.#begin(progress.day)
    while (this.#emittedInDay < progress.emittedInDay) this.#decideNext()
    this.#transactions = progress.transactions
  }

  /** The profiles of this partition's customers when history begins, in the order of their numbers. */
  *customers(): Iterable<Customer> {
    for (let row = 0; row < this.#people.count; row++) {
      this.#lives.look(row, simulatedDay(this.historyFromMs))
      yield this.#profile(row)
    }
  }

  /** The customers of this partition, and the merchants whose keys fall into it, as of the beginning of history. */
  publish(emit: Emit): void {
    for (const customer of this.customers()) emit('customers', customer.customer_id, customer, this.historyFromMs)
    for (const merchant of merchantRecords()) {
      const { merchant_id } = merchant
      if (partitionOf(merchant_id, this.#partitions) === this.#partition) {
        emit('merchants', merchant_id, merchant, this.historyFromMs)
      }
    }
  }

  /** As the customer lives on the day that `lives` was asked about. */
  #profile(row: number): Customer {
    return profileOf(this.#people, this.#lives, row, this.#profileRandom, this.#profileKey)
  }

  #readyDue(untilMs: number): number {
    return dayStartMs(this.#day) + this.#plan.ms <= untilMs ? 1 : 0
  }

  #decideNext(): void {
    this.peekMs()
    if (!this.#ready) throw new RangeError('a partition without customers has no payments')
    this.#ready = false
    const { ms, row, ordinal } = this.#plan
    this.#decision.decide(this.#payment, this.#day, ms, row, ordinal)
    this.#emittedInDay++
    this.#transactions++
  }

  #begin(day: number): void {
    this.#day = day
    this.#emittedInDay = 0
    this.#ready = false
    this.#ledger.copyTo(this.#ledgerAtDayStart)
    if (this.#later.day === day) {
      const spent = this.#plan
      this.#plan = this.#later
      this.#later = spent
    } else this.#plan.make(day)
    this.#scene.activity = this.#plan.activity!
  }
}
