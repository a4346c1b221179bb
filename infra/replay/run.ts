import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Connection } from '#infra/connection.ts'
import { connectKafka } from '#infra/kafka/client.ts'
import { Inbox, type Opened, type RawMessage } from '#infra/kafka/inbox.ts'
import { Codec } from '#infra/registry/codec.ts'
import { lookUpSchemaIds } from '#infra/registry/look-up.ts'
import { schemaLookUp } from '#infra/service/access.ts'
import type { TopicName, TopicRecords } from '#schemas/topics.ts'
import type { Received } from '#services/fold.ts'
import type { Scoring } from '#services/scorer/score.ts'
import type { Settings } from '#services/settings.ts'
import { isOutput, type OutputTopic, outputTopics, ParityCheck } from './parity.ts'
import { type Extent, extentsOf, readExtents } from './read-topics.ts'
import { type Log, Recomputation } from './recompute.ts'

/** The topics do not hold what a replay needs. */
export class ReplayError extends Error {
  override readonly name = 'ReplayError'
}

export interface ReplayOptions {
  readonly settings: Settings
  readonly scoring: Scoring
  /** Rules that the topic `rules` speaks of. */
  readonly changedRules: ReadonlySet<string>
  readonly log: Logger
  readonly onProgress: (text: string) => void
}

/** Transactions that were read again, and what came of them. */
export interface Replayed {
  readonly transactions: number
  readonly parity: ParityCheck
}

const TOLD_EVERY = 10_000

const inputTopics = ['transactions', 'watermarks', 'fraud-reports'] as const

/** Newest last: what was written of a payment is there when the payment is looked for, and so are reports when a watermark names them. */
const readOrder: readonly TopicName[] = [...outputTopics, ...inputTopics]

/**
 * Recomputes features, scores and alerts of a run from its topics and holds them against what the run wrote. Throws
 * ReplayError where the beginning is gone, or the topics have other partitions than the scenario.
 */
export async function replay(connection: Connection, options: ReplayOptions): Promise<Replayed> {
  const { settings, scoring, changedRules, log, onProgress } = options
  const { topicPrefix, partitions } = settings
  const kafka = connectKafka(connection, 'rupeestream-replay', log)
  const codec = new Codec(await lookUpSchemaIds(connection, settings))
  const extents = await extentsOf(kafka, topicPrefix, readOrder)
  checkExtents(extents, settings)
  const parity = new ParityCheck(codec, partitions, changedRules)
  const lookUp = schemaLookUp(connection)
  const logs = Array.from({ length: partitions }, (_, partition) => {
    return new ReadLog(new Inbox(codec, lookUp, log, 'replay', partition, partitions))
  })
  let messages = 0
  await readExtents(kafka, topicPrefix, extents, async (topic, partition, message) => {
    if (++messages % TOLD_EVERY === 0) onProgress(`${messages} records read`)
    const log = logs[partition]!
    if (topic === 'transactions') log.transactions.push(copyOf(message))
    else if (topic === 'watermarks') await log.watermark(message)
    else if (topic === 'fraud-reports') await log.report(message)
    else await written(parity, topic as OutputTopic, partition, log.open(topic, message))
  })
  const recomputation = new Recomputation(settings, scoring, logs, (partition, topic, value) => {
    if (isOutput(topic)) parity.recomputed(topic, partition, value as TopicRecords[OutputTopic])
  })
  let transactions = 0
  for (let read = await recomputation.advance(); read !== undefined; read = await recomputation.advance()) {
    transactions = read
    onProgress(`${read} transactions recomputed`)
    // Whoever wants to break it off is heard.
    await nextTurn()
  }
  parity.finish()
  return { transactions, parity }
}

function checkExtents(extents: readonly Extent[], { topicPrefix, partitions }: Settings): void {
  const found = extents.filter(({ topic }) => topic === 'transactions').length
  if (found !== partitions) {
    throw new ReplayError(
      `${topicPrefix}transactions has ${found} partitions, the scenario ${partitions}: name the run's own with --scenario`,
    )
  }
  const cut = extents.find(({ topic, low }) => low > 0n && inputTopics.some((name) => name === topic))
  if (cut === undefined) return
  throw new ReplayError(
    `${topicPrefix}${cut.topic}[${cut.partition}] begins at offset ${cut.low}: what came before is gone (retentionBytes), and without it nothing can be recomputed`,
  )
}

async function written(
  parity: ParityCheck,
  topic: OutputTopic,
  partition: number,
  opened: Promise<Opened>,
): Promise<void> {
  const one = await opened
  if ('letter' in one) parity.unreadable(topic, partition, `@${one.letter.source_offset}: ${one.letter.message}`)
  else parity.written(topic, partition, one.record.value as TopicRecords[OutputTopic])
}

/** What the client hands out is a part of all that one fetch brought, which would stay in memory with it. */
const copyOf = ({ key, value, offset, timestamp }: RawMessage): RawMessage => ({
  key: key && Buffer.from(key),
  value: value && Buffer.from(value),
  offset,
  timestamp,
})

/** What was read of a partition's inputs: transactions as bytes, for of a long run there are many. */
class ReadLog implements Log {
  readonly transactions: RawMessage[] = []
  readonly watermarks: Received<'watermarks'>[] = []
  readonly reports: (Received<'fraud-reports'> | undefined)[] = []
  readonly #inbox: Inbox

  constructor(inbox: Inbox) {
    this.#inbox = inbox
  }

  open(topic: TopicName, message: RawMessage): Promise<Opened> {
    return this.#inbox.open(topic, message, async () => {})
  }

  async watermark(message: RawMessage): Promise<void> {
    const opened = await this.open('watermarks', message)
    if ('record' in opened) this.watermarks.push(opened.record as Received<'watermarks'>)
  }

  async report(message: RawMessage): Promise<void> {
    const opened = await this.open('fraud-reports', message)
    this.reports.push('record' in opened ? (opened.record as Received<'fraud-reports'>) : undefined)
  }

  async *records(): AsyncGenerator<Received<'transactions'> | undefined> {
    for (const message of this.transactions) {
      const opened = await this.open('transactions', message)
      yield 'record' in opened ? (opened.record as Received<'transactions'>) : undefined
    }
  }
}
