import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { TopicName, TopicRecords } from '#schemas/topics.ts'
import type { Question, Transaction } from '#schemas/types.ts'
import type { Emit, Received } from '#services/fold.ts'
import { PartitionFold } from '#services/partition-fold.ts'
import { World } from '#services/producer/world.ts'
import { customerFold } from '#services/scorer/customer-fold.ts'
import { entityFold } from '#services/scorer/entity-fold.ts'
import { RuleBook } from '#services/scorer/rule-book.ts'
import { type Scoring, shippedScoring } from '#services/scorer/score.ts'
import { settingsSchema } from '#services/settings.ts'
import { DAY_MS, NEVER_MS } from '#services/time.ts'
import { type Measure, median } from './measure.ts'

const CUSTOMERS = 5_000
const WARM_UP_MS = 30 * DAY_MS
const ROUNDS = 7
const PAYMENTS_PER_ROUND = 25_000
const BATCH = 500
/** In so many milliseconds without work for it the collector has come to an end. */
const SETTLE_MS = 25
/** Rows that the model and the rules are tried on by themselves. */
const ROWS = 20_000

/** What is asked of folds and score together, rows a second on one core, and of the state of one customer. */
const ASKED_PER_SECOND = 60_000
const ASKED_BYTES = 8_192

const bench = 'features and score'
const settings = settingsSchema.parse({ partitions: 1, population: { customers: CUSTOMERS } })

const parts = ['customer', 'counterparty', 'device'] as const
type Part = (typeof parts)[number]
/** CPU time, whatever else the machine does meanwhile, and the clock's time of all together. Milliseconds. */
type Times = Record<Part | 'wall', number>

function cpuMs(work: () => void): number {
  const from = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(from)
  return (user + system) / 1_000
}

/** The folds of one partition, with the topics between them as arrays. Each kind of entity has a fold of its own, so that it can be told what it costs. */
class TimedScorer {
  readonly customers
  readonly #entities
  readonly #times: Times = { customer: 0, counterparty: 0, device: 0, wall: 0 }
  #questions: TopicRecords['scorer.questions'][] = []
  #answers: TopicRecords['scorer.answers'][] = []

  constructor(scoring: Scoring) {
    const emit: Emit = (topic: TopicName, _key, value) => {
      if (topic === 'scorer.questions') this.#questions.push(value as TopicRecords['scorer.questions'])
      else if (topic === 'scorer.answers') this.#answers.push(value as TopicRecords['scorer.answers'])
    }
    const entities = () => new PartitionFold(entityFold(settings, 1), 0, 1, emit)
    this.customers = new PartitionFold(customerFold(settings, scoring), 0, 1, emit)
    this.#entities = { counterparty: entities(), device: entities() }
    // Genuine payments alone: there are no reports to wait for.
    const value = { topic: 'fraud-reports', records: 0, time: NEVER_MS }
    this.customers.process({ topic: 'watermarks', key: value.topic, value, timestampMs: value.time })
  }

  /** Without rules no alert is raised, and no score explained: what is left are the features and the score. */
  pauseRules(): void {
    for (const { rule } of this.customers.shared.rules.active) {
      this.customers.applySide('rules', rule.rule_id, { ...rule, status: 'PAUSED' }, null)
    }
  }

  /**
   * Scores payments and returns how long that took. The payments themselves were made by the simulation a moment ago: the
   * collector is let go through them first, or else what it costs to keep them would be counted as the scorer's.
   */
  score(rows: readonly Transaction[]): Times {
    collectGarbage()
    const before = { ...this.#times }
    const fromMs = performance.now()
    for (let from = 0; from < rows.length; from += BATCH) this.#take(rows.slice(from, from + BATCH))
    this.#times.wall += performance.now() - fromMs
    const { customer, counterparty, device, wall } = this.#times
    return {
      customer: customer - before.customer,
      counterparty: counterparty - before.counterparty,
      device: device - before.device,
      wall: wall - before.wall,
    }
  }

  #take(batch: readonly Transaction[]): void {
    this.#timed('customer', () => {
      for (const value of batch) {
        this.customers.process({ topic: 'transactions', key: '', value, timestampMs: value.event_time })
      }
      this.customers.endOfBatch()
    })
    const questions = this.#questions.flatMap(({ items }) => items)
    this.#questions = []
    this.#ask('counterparty', questions, 'DEVICE')
    this.#ask('device', questions, 'COUNTERPARTY')
    const answers = this.#answers
    this.#answers = []
    this.#timed('customer', () => {
      for (const value of answers) {
        this.customers.process({ topic: 'scorer.answers', key: '', value, timestampMs: 0 } as Received<never>)
      }
    })
  }

  #ask(part: 'counterparty' | 'device', questions: readonly Question[], other: Question['kind']): void {
    const value = { items: questions.filter(({ kind }) => kind !== other) }
    this.#timed(part, () => {
      this.#entities[part].process({ topic: 'scorer.questions', key: '', value, timestampMs: 0 })
      this.#entities[part].endOfBatch()
    })
  }

  #timed(part: Part, work: () => void): void {
    this.#times[part] += cpuMs(work)
  }
}

function payments(world: World, isEnough: (made: readonly Transaction[]) => boolean): Transaction[] {
  const made: Transaction[] = []
  const emit: Emit = (topic, _key, value) => {
    if (topic === 'transactions.genuine') made.push(value as Transaction)
  }
  while (!isEnough(made)) world.next(emit, null)
  return made
}

const perSecond = (metric: string, rows: number, ms: number, yardstick = '60 k/s, folds and score'): Measure => {
  const value = (rows * 1_000) / ms
  return { bench, metric, value, unit: 'rows/s', yardstick, ratio: value / ASKED_PER_SECOND }
}

/** The folds of the scorer on one core, without Kafka and without Avro, once customers have a month behind them. */
export function* scorer(): Generator<Measure> {
  const shipped = shippedScoring()
  const rows: Float64Array[] = []
  let isKeeping = false
  const score = (values: Float64Array): number => {
    if (isKeeping && rows.length < ROWS) rows.push(values.slice())
    return shipped.score(values)
  }
  const all = new TimedScorer({ ...shipped, score })
  const world = new World(settings, 0)
  const next = () => payments(world, ({ length }) => length === PAYMENTS_PER_ROUND)
  for (const endMs = world.historyFromMs + WARM_UP_MS; world.peekMs() < endMs; ) all.score(next())
  const round = (): Times => all.score(next())
  const together = ({ customer, counterparty, device }: Times): number => customer + counterparty + device
  const rate = (metric: string, rounds: readonly Times[], ms: (times: Times) => number): Measure =>
    perSecond(metric, PAYMENTS_PER_ROUND, median(rounds.map(ms)))
  const withRules = Array.from({ length: ROUNDS }, round)
  yield rate('with rules, alerts and their reasons', withRules, together)
  all.pauseRules()
  const scored = Array.from({ length: ROUNDS }, round)
  for (const part of parts) yield rate(`${part} fold`, scored, (times) => times[part])
  yield rate('folds and score', scored, together)
  yield rate('folds and score, by the clock', scored, ({ wall }) => wall)
  isKeeping = true
  while (rows.length < ROWS) all.score(next())
  yield* alone(shipped, rows)
  yield* memory(all)
}

/** Parts of the customer fold by themselves. */
function* alone(scoring: Scoring, rows: readonly Float64Array[]): Generator<Measure> {
  const tried = (metric: string, times: number, work: (row: Float64Array) => void): Measure => {
    const some = rows.slice(0, rows.length / times)
    const ms = Array.from({ length: ROUNDS }, () => cpuMs(() => some.forEach(work)))
    return perSecond(metric, some.length, median(ms), '60 k/s, a part of it')
  }
  const rules = new RuleBook().active
  yield tried('the model', 1, (row) => scoring.score(row))
  yield tried('the rules', 1, (row) => rules.filter(({ fires }) => fires(row)))
  yield tried('an explanation', 20, (row) => scoring.explain(row))
}

/** What a customer takes as saved and as held, after a month. */
function* memory({ customers }: TimedScorer): Generator<Measure> {
  const entries = customers.checkpoint()
  const sizes = entries.filter(({ key }) => !key.startsWith('~')).map(({ payload }) => payload!.length)
  const state = (metric: string, value: number): Measure => ({
    bench,
    metric,
    value,
    unit: 'bytes a customer',
    yardstick: '8 kB',
    ratio: ASKED_BYTES / value,
  })
  yield state('state, median', median(sizes))
  yield state('state, largest', Math.max(...sizes))
  const before = heldBytes()
  const restored = new PartitionFold(customerFold(settings), 0, 1, () => {})
  restored.restore(entries)
  // Divided by the old number: the old state must not go away meanwhile.
  yield state('held in memory, mean', (heldBytes() - before) / customers.keyCount)
  restored.endOfBatch()
}

/** Waits for the threads beside this one too: they sweep on after the call has returned, and their CPU time is nobody's. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  const rest = () => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, SETTLE_MS)
  for (let usedMs = SETTLE_MS; usedMs > 1; ) usedMs = cpuMs(rest)
}

/** Bytes in use once what is not is gone. */
function heldBytes(): number {
  // The second time for what the first let go of only then.
  for (let times = 0; times < 2; times++) collectGarbage()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
