import type { TopicName, TopicRecords } from '#schemas/topics.ts'
import type { Transaction } from '#schemas/types.ts'
import type { Emit, Received } from '#services/fold.ts'
import { PartitionFold } from '#services/partition-fold.ts'
import { World } from '#services/producer/world.ts'
import { customerFold } from '#services/scorer/customer-fold.ts'
import { entityFold } from '#services/scorer/entity-fold.ts'
import { settingsSchema } from '#services/settings.ts'
import { type Measure, median } from './measure.ts'

const CUSTOMERS = 5_000
const WARM_UP_PAYMENTS = 250_000
const ROUNDS = 5
const PAYMENTS_PER_ROUND = 50_000
const BATCH = 500

/** What is asked of folds and score together, rows a second on one core, and of the state of one customer. */
const ASKED_PER_SECOND = 60_000
const ASKED_BYTES = 8_192

interface Times {
  customerMs: number
  entityMs: number
}

/** Both folds of one partition, with the topics between them as arrays, and the CPU time that each has taken: whatever else the machine does meanwhile. */
class TimedScorer {
  readonly times: Times = { customerMs: 0, entityMs: 0 }
  readonly customers
  readonly #entities
  #questions: TopicRecords['scorer.questions'][] = []
  #answers: TopicRecords['scorer.answers'][] = []
  scored = 0

  constructor(settings: ReturnType<typeof settingsSchema.parse>) {
    const emit: Emit = (topic: TopicName, _key, value) => {
      if (topic === 'scores') this.scored++
      else if (topic === 'scorer.questions') this.#questions.push(value as TopicRecords['scorer.questions'])
      else if (topic === 'scorer.answers') this.#answers.push(value as TopicRecords['scorer.answers'])
    }
    this.customers = new PartitionFold(customerFold(settings), 0, 1, emit)
    this.#entities = new PartitionFold(entityFold(settings, 1), 0, 1, emit)
  }

  take(batch: readonly Transaction[]): void {
    this.#timed('customerMs', () => {
      for (const value of batch) {
        this.customers.process({
          topic: 'transactions',
          key: value.customer_id,
          value,
          timestampMs: value.event_time,
        })
      }
      this.customers.endOfBatch()
    })
    const questions = this.#questions
    this.#questions = []
    this.#timed('entityMs', () => {
      for (const value of questions) {
        this.#entities.process({ topic: 'scorer.questions', key: '', value, timestampMs: 0 })
      }
      this.#entities.endOfBatch()
    })
    const answers = this.#answers
    this.#answers = []
    this.#timed('customerMs', () => {
      for (const value of answers) {
        this.customers.process({ topic: 'scorer.answers', key: '', value, timestampMs: 0 } as Received<never>)
      }
    })
  }

  #timed(fold: keyof Times, work: () => void): void {
    const from = process.cpuUsage()
    work()
    const { user, system } = process.cpuUsage(from)
    this.times[fold] += (user + system) / 1_000
  }
}

function payments(world: World, count: number): Transaction[] {
  const made: Transaction[] = []
  const emit: Emit = (topic, _key, value) => {
    if (topic === 'transactions.genuine') made.push(value as Transaction)
  }
  while (made.length < count) world.next(emit, null)
  return made
}

function score(scorer: TimedScorer, rows: readonly Transaction[]): Times {
  const before = { ...scorer.times }
  for (let from = 0; from < rows.length; from += BATCH) scorer.take(rows.slice(from, from + BATCH))
  const { customerMs, entityMs } = scorer.times
  return { customerMs: customerMs - before.customerMs, entityMs: entityMs - before.entityMs }
}

/** Both folds of the scorer on one core, without Kafka and without Avro, once customers have three weeks behind them. */
export function* scorer(): Generator<Measure> {
  const settings = settingsSchema.parse({ partitions: 1, population: { customers: CUSTOMERS } })
  const world = new World(settings, 0)
  const both = new TimedScorer(settings)
  score(both, payments(world, WARM_UP_PAYMENTS))
  const rounds = Array.from({ length: ROUNDS }, () => score(both, payments(world, PAYMENTS_PER_ROUND)))
  const rate = (ms: (times: Times) => number): number => (PAYMENTS_PER_ROUND * 1_000) / median(rounds.map(ms))
  const bench = 'features and score'
  const measured = (metric: string, value: number): Measure => ({
    bench,
    metric,
    value,
    unit: 'rows/s',
    yardstick: '60 k/s together',
    ratio: value / ASKED_PER_SECOND,
  })
  yield measured(
    'customer fold',
    rate(({ customerMs }) => customerMs),
  )
  yield measured(
    'entity fold',
    rate(({ entityMs }) => entityMs),
  )
  yield measured(
    'together',
    rate(({ customerMs, entityMs }) => customerMs + entityMs),
  )
  const sizes = both.customers
    .checkpoint()
    .filter(({ key }) => !key.startsWith('~'))
    .map(({ payload }) => payload!.length)
  const largest = Math.max(...sizes)
  const state = { bench, unit: 'bytes a customer', yardstick: '8 kB', ratio: ASKED_BYTES / largest }
  yield { ...state, metric: 'state, median', value: median(sizes) }
  yield { ...state, metric: 'state, largest', value: largest }
}
