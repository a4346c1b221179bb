import type { Answer, Question } from '#schemas/types.ts'
import { type Context, type Fold, PoisonError, type StateCodec } from '#services/fold.ts'
import type { Settings } from '#services/settings.ts'
import { DAY_MS } from '#services/time.ts'
import { ByteReader, ByteWriter } from './bytes.ts'
import { type CounterpartyState, counterpartyFold } from './counterparty.ts'
import { type DeviceState, deviceFold } from './device.ts'
import { Outgoing } from './outgoing.ts'
import { QuestionMerge } from './question-merge.ts'
import { ReportQueue } from './report-queue.ts'

export type EntityState = CounterpartyState | DeviceState

/** What the entity fold keeps for a partition as a whole. */
export interface EntityShared {
  readonly merge: QuestionMerge
  readonly reports: ReportQueue
  readonly answers: Outgoing<Answer>
  answered: number
  /** Reports that their merchant had no room for: a total of the data. */
  crowdedOut: number
}

/**
 * Longer than the longest window (30 days), a day of lateness and a day to spare, so that what is forgotten could no longer
 * change an answer.
 */
const FORGET_AFTER_MS = 32 * DAY_MS

/** Tells the kinds apart in the first byte. */
const kindByte = { COUNTERPARTY: 0, DEVICE: 1 } as const

const stateCodec: StateCodec<EntityState> = {
  version: 4,
  encode: (state) => {
    const out = new ByteWriter()
    out.u8(kindByte[state.kind])
    if (state.kind === 'COUNTERPARTY') counterpartyFold.write(out, state)
    else deviceFold.write(out, state)
    return out.finish()
  },
  decode: (bytes) => {
    const from = new ByteReader(bytes)
    return from.u8() === kindByte.COUNTERPARTY ? counterpartyFold.read(from) : deviceFold.read(from)
  },
}

const sharedCodec: StateCodec<EntityShared> = {
  version: 2,
  encode: ({ merge, reports, answered, crowdedOut }) => {
    const out = new ByteWriter()
    out.varint(answered)
    out.varint(crowdedOut)
    merge.write(out)
    reports.write(out)
    return out.finish()
  },
  decode: (bytes) => {
    const from = new ByteReader(bytes)
    const [answered, crowdedOut] = [from.varint(), from.varint()]
    const [merge, reports] = [QuestionMerge.read(from), ReportQueue.read(from)]
    return { answered, crowdedOut, merge, reports, answers: new Outgoing() }
  },
}

/**
 * Answers the questions of all customer partitions about counterparties and devices. They arrive interleaved at random,
 * so they are first merged into an order that depends on nothing but the askers' own logs (question-merge.ts); then each
 * updates its entity, and the answer goes back to the partition that asked. None leaves before all reports up to its time
 * are here, and these are told to their merchants first: so it depends on the logs alone which of them a payment knows.
 */
export function entityFold(
  settings: Settings,
  partitions: number,
): Fold<EntityState, EntityShared, 'scorer.questions'> {
  return {
    name: 'scorer.entity',
    inputs: ['scorer.questions'],
    // Time is that of the merged order: a source far ahead must not make entities forget what others still ask about.
    timeFrom: null,
    stateTopic: 'scorer.entity.state',
    forgetAfterMs: FORGET_AFTER_MS,
    keysMax: settings.scorer.keysPerPartitionMax,
    kinds: [counterpartyFold.prefix, deviceFold.prefix],
    initialState: (key) =>
      key.startsWith(deviceFold.prefix) ? deviceFold.initialState() : counterpartyFold.initialState(),
    initialShared: () => ({
      merge: new QuestionMerge(partitions),
      reports: new ReportQueue(partitions),
      answers: new Outgoing(),
      answered: 0,
      crowdedOut: 0,
    }),
    stateCodec,
    sharedCodec,
    step: ({ value }, context) => {
      for (const question of value.items) check(question, partitions)
      const { merge, reports } = context.shared
      for (const question of value.items) (isAboutReports(question) ? reports : merge).add(question)
      for (let next = merge.take(reports.toldMs); next !== undefined; next = merge.take(reports.toldMs)) {
        hear(next.order_time, context)
        answer(next, context)
      }
      // Those too many to be held.
      hear(Number.NEGATIVE_INFINITY, context)
    },
    endOfBatch: ({ shared, streamTimeMs, emit }) => {
      shared.answers.flush((partition, items) => emit('scorer.answers', '', { items }, streamTimeMs, partition))
    },
  }
}

function check({ kind, source_partition }: Question, partitions: number): void {
  if (kind === 'UNKNOWN') throw new PoisonError('a question of unknown kind')
  if (source_partition < 0 || source_partition >= partitions) {
    throw new PoisonError(`source partition ${source_partition} is not below ${partitions}`)
  }
}

const isAboutReports = ({ kind }: Question): boolean =>
  kind === 'REPORT' || kind === 'WITHDRAWAL' || kind === 'REPORT_WATERMARK'

/** Tells merchants of the reports up to a moment. */
function hear(untilMs: number, context: Context<EntityState, EntityShared>): void {
  const { shared } = context
  for (let next = shared.reports.take(untilMs); next !== undefined; next = shared.reports.take(untilMs)) {
    const { kind, entity_id, transaction_id, order_time } = next
    context.advanceTo(order_time)
    const state = context.state(entity_id, counterpartyFold.prefix)
    if (state.kind !== 'COUNTERPARTY') continue
    if (kind === 'REPORT') shared.crowdedOut += state.reports.reported(transaction_id, order_time)
    else state.reports.withdrawn(transaction_id, order_time)
  }
}

function answer(question: Question, context: Context<EntityState, EntityShared>): void {
  const { kind, entity_id, transaction_id, customer_id, source_partition } = question
  context.advanceTo(question.order_time)
  const { prefix } = kind === 'DEVICE' ? deviceFold : counterpartyFold
  const state = context.state(entity_id, prefix)
  const values = state.kind === 'DEVICE' ? deviceFold.answer(state, question) : counterpartyFold.answer(state, question)
  context.shared.answered++
  context.shared.answers.add(source_partition, { transaction_id, customer_id, kind, values })
}
