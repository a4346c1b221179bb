import type { TopicName, TopicRecords } from '#schemas/topics.ts'
import type { Alert, Answer, FraudReport, Question, Score, Transaction } from '#schemas/types.ts'
import type { Emit } from '#services/fold.ts'
import { PartitionFold } from '#services/partition-fold.ts'
import { customerFold } from '#services/scorer/customer-fold.ts'
import { entityFold } from '#services/scorer/entity-fold.ts'
import { decodeFeatures } from '#services/scorer/features.ts'
import { operands, scoreIndex } from '#services/scorer/operands.ts'
import { type Scoring, shippedScoring } from '#services/scorer/score.ts'
import type { Settings } from '#services/settings.ts'
import { NEVER_MS } from '#services/time.ts'

/** What the scorer thought of a transaction. */
export interface Scored {
  readonly tx: Transaction
  /** By operand (operands.ts), as the rules compared them; of money that comes in only the features, as on their topic. */
  readonly values: Float64Array
  score: Score
  readonly alerts: Alert[]
  readonly asked: readonly Question[]
  readonly answered: readonly Answer[]
}

/**
 * Both folds of the scorer on one partition, and between them nothing but arrays: quicker than through topics, and
 * nothing of what they say to each other is lost.
 */
export class MemoryScorer {
  readonly #customers
  readonly #entities
  #questions: Question[] = []
  #answers: Answer[] = []
  #compared: Float64Array | undefined
  #batch = new Map<string, Transaction>()
  #scored: Scored[] = []

  /** Throws RangeError for more than one partition. */
  constructor(settings: Settings) {
    if (settings.partitions !== 1) throw new RangeError(`partitions: expected 1, got ${settings.partitions}`)
    this.#customers = new PartitionFold(customerFold(settings, this.#overheard()), 0, 1, this.#onCustomers)
    this.#entities = new PartitionFold(entityFold(settings, 1), 0, 1, (_topic, _key, value) => {
      this.#answers.push(...(value as TopicRecords['scorer.answers']).items)
    })
    // No payment has to wait for reports: they are told before the payments that they could be known at.
    const value = { topic: 'fraud-reports', records: 0, time: NEVER_MS }
    this.#customers.process({ topic: 'watermarks', key: value.topic, value, timestampMs: value.time })
  }

  /** Takes a report, before the first transaction that is not older is scored. */
  report(value: FraudReport): void {
    const { customer_id: key, report_time: timestampMs } = value
    this.#customers.process({ topic: 'fraud-reports', key, value, timestampMs })
  }

  /** Scores the next transactions of the partition, in their order. */
  score(batch: readonly Transaction[]): readonly Scored[] {
    this.#batch = new Map(batch.map((tx) => [tx.transaction_id, tx]))
    this.#scored = []
    this.#questions = []
    this.#answers = []
    for (const value of batch) {
      const { customer_id: key, event_time: timestampMs } = value
      this.#customers.process({ topic: 'transactions', key, value, timestampMs })
    }
    this.#customers.endOfBatch()
    this.#entities.process({ topic: 'scorer.questions', key: '', value: { items: this.#questions }, timestampMs: 0 })
    this.#entities.endOfBatch()
    this.#customers.process({ topic: 'scorer.answers', key: '', value: { items: this.#answers }, timestampMs: 0 })
    return this.#withTalk()
  }

  /** The shipped model's scoring; what it is asked about is what the rules compare, too. */
  #overheard(): Scoring {
    const scoring = shippedScoring()
    return {
      ...scoring,
      score: (values) => {
        const score = scoring.score(values)
        this.#compared = values.slice()
        this.#compared[scoreIndex] = score
        return score
      },
    }
  }

  #onCustomers: Emit = (topic: TopicName, _key, record) => {
    if (topic === 'scorer.questions') this.#questions.push(...(record as TopicRecords['scorer.questions']).items)
    else if (topic === 'features') this.#begin(record as TopicRecords['features'])
    else if (topic === 'scores') this.#scored.at(-1)!.score = record as Score
    else this.#scored.at(-1)!.alerts.push(record as Alert)
  }

  /** The features of a payment leave before its score, and its alerts come last. */
  #begin({ transaction_id, values }: TopicRecords['features']): void {
    const features = new Float64Array(operands.length)
    if (this.#compared === undefined) features.set([...decodeFeatures(values).values()])
    const own = this.#compared ?? features
    this.#compared = undefined
    const tx = this.#batch.get(transaction_id)!
    this.#scored.push({ tx, values: own, score: {} as Score, alerts: [], asked: [], answered: [] })
  }

  #withTalk(): readonly Scored[] {
    const isAsked = ({ kind }: Question): boolean => kind === 'COUNTERPARTY' || kind === 'DEVICE'
    const asked = Map.groupBy(this.#questions.filter(isAsked), ({ transaction_id }) => transaction_id)
    const answered = Map.groupBy(this.#answers, ({ transaction_id }) => transaction_id)
    return this.#scored.map((scored) => ({
      ...scored,
      asked: asked.get(scored.tx.transaction_id) ?? [],
      answered: answered.get(scored.tx.transaction_id) ?? [],
    }))
  }
}
