import type { Rule, Transaction, Watermark } from '#schemas/types.ts'
import type { Context, Fold } from '#services/fold.ts'
import { liveFromMs, type Settings } from '#services/settings.ts'
import { ask, tellTime } from './ask.ts'
import { type CustomerShared, customerSharedCodec, newCustomerShared } from './customer-shared.ts'
import { type CustomerState, customerStateCodec, newCustomerState, prefetch } from './customer-state.ts'
import { type Judgement, judge } from './judge.ts'
import { paymentOf } from './payment.ts'
import { passOn, tellReportTime } from './report-relay.ts'
import { type Scoring, shippedScoring } from './score.ts'

export type CustomerInputs = 'transactions' | 'scorer.answers' | 'watermarks' | 'fraud-reports'
type CustomerContext = Context<CustomerState, CustomerShared>

/** Watermarks kept for records still to come: of a silent partition only the newest matter. */
const WATERMARKS_MAX = 1_000

/**
 * Scores the payments of a partition's customers, by the model that is shipped where no other is given.
 *
 * Behaviour:
 * - A payment is put at the end of a queue, and questions about its counterparty and its device go out.
 * - When all answers for the head of the queue are there, it is scored and leaves. Only then does its customer's state
 *   change. So all outputs are in the order of `transactions`, and how the inputs interleave does not matter.
 * - One that is delivered again asks nothing and is scored no more, as far back as ids are remembered (seen-ids.ts); one
 *   that is late, up to a day, is put in its place among its customer's payments.
 * - After each batch every entity partition is told the stream time, for there questions are merged by it.
 * - Reports go on to the partitions of their merchants, and up to when they have: no payment is answered further.
 * - A watermark moves the time of a partition without records. It holds once as many records are read as it names, the
 *   refused among them: a record that cannot be read must not hold up all partitions, whose questions wait for the slowest.
 *
 * Customers are not forgotten but for the limit on their number: that of ordinary runs is the population's.
 */
export function customerFold(
  settings: Settings,
  scoring: Scoring = shippedScoring(),
): Fold<CustomerState, CustomerShared, CustomerInputs> {
  const how = { scoring, liveMs: liveFromMs(settings) }
  return {
    name: 'scorer.customer',
    inputs: ['transactions', 'scorer.answers', 'watermarks', 'fraud-reports'],
    timeFrom: 'transactions',
    stateTopic: 'scorer.customer.state',
    sideInputs: ['rules'],
    keysMax: settings.scorer.keysPerPartitionMax,
    initialState: newCustomerState,
    initialShared: newCustomerShared,
    stateCodec: customerStateCodec,
    sharedCodec: customerSharedCodec,
    step: (record, context) => {
      if (record.topic === 'transactions') onTransaction(record.value, context)
      else if (record.topic === 'scorer.answers') {
        for (const answer of record.value.items) context.shared.pending.answer(answer)
      } else if (record.topic === 'fraud-reports') passOn(record.value, context)
      else onWatermark(record.value, context)
      release(context, how)
    },
    refused: (topic, context) => {
      if (topic === 'transactions') countRead(context)
      if (topic === 'fraud-reports') context.shared.reports.count()
    },
    endOfBatch: (context) => {
      const { shared, streamTimeMs, emit } = context
      if (streamTimeMs > shared.toldMs) {
        shared.toldMs = streamTimeMs
        tellTime(context)
      }
      tellReportTime(context)
      shared.questions.flush((partition, items) => emit('scorer.questions', '', { items }, streamTimeMs, partition))
    },
    side: (topic, key, value, shared) => (topic === 'rules' ? shared.rules.apply(key, value as Rule | null) : []),
  }
}

function onTransaction(transaction: Transaction, context: CustomerContext): void {
  const { pending, seen, totals } = context.shared
  if (seen.isNew(transaction.transaction_id)) pending.add(paymentOf(transaction), ask(transaction, context))
  else totals.duplicates++
  countRead(context)
}

function countRead(context: CustomerContext): void {
  const { shared } = context
  shared.consumed++
  if (shared.watermarks.length === 0) return
  for (const { records, timeMs } of shared.watermarks) {
    if (records <= shared.consumed) context.advanceTo(timeMs)
  }
  shared.watermarks = shared.watermarks.filter(({ records }) => records > shared.consumed)
}

/**
 * One of other topics is not ours. One of fewer records than are read says nothing new, unless the topic holds records
 * that its writer did not count: then it is the only clock of a silent partition.
 */
function onWatermark(watermark: Watermark, context: CustomerContext): void {
  const { shared } = context
  if (watermark.topic === 'fraud-reports') shared.reports.watermark(watermark)
  if (watermark.topic !== 'transactions') return
  if (watermark.records <= shared.consumed) context.advanceTo(watermark.time)
  else {
    shared.watermarks.push({ records: watermark.records, timeMs: watermark.time })
    if (shared.watermarks.length > WATERMARKS_MAX) shared.watermarks.shift()
  }
}

/** Of so many payments at a time the customers are fetched from memory. */
const AT_A_TIME = 8

function release(context: CustomerContext, how: Judgement): void {
  const { shared, emit } = context
  for (let ready = shared.pending.take(AT_A_TIME); ready.length > 0; ready = shared.pending.take(AT_A_TIME)) {
    // So few are looked up ahead that none of them is given up for another: the limit on keys is 100 at the least.
    const customers = ready.map(({ payment }) => context.state(payment.customerId))
    prefetch(customers)
    for (let i = 0; i < ready.length; i++) judge(ready[i]!, customers[i]!, shared, how, emit)
  }
}
