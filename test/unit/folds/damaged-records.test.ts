import { expect, test } from 'vitest'
import { Folding } from '#infra/kafka/folding.ts'
import { Inbox, type RawMessage } from '#infra/kafka/inbox.ts'
import { MemoryLog } from '#infra/memory/memory-log.ts'
import { MemoryTask } from '#infra/memory/memory-task.ts'
import { Codec } from '#infra/registry/codec.ts'
import { type TopicName, topicNames } from '#schemas/topics.ts'
import type { Fold } from '#services/fold.ts'
import { fraudInjector } from '#services/fraud-injector/fold.ts'
import { customerFold } from '#services/scorer/customer-fold.ts'
import type { Settings } from '#services/settings.ts'
import { silent } from '../../helpers/deployed.ts'
import { worldTransactions } from '../../helpers/genuine.ts'
import { injectorSettings } from '../../helpers/injector.ts'

const base = injectorSettings('damaged')
const settings: Settings = {
  ...base,
  population: { ...base.population, customers: 200 },
  disorder: { ...base.disorder, corrupt: 0.05, duplicate: 0.1 },
}
const genuine = worldTransactions(settings, 2_000)
const codec = new Codec(Object.fromEntries(topicNames.map((name, i) => [name, i + 1])) as Record<TopicName, number>)
const message = (key: string, value: Buffer, timestampMs: number, i: number): RawMessage => ({
  key: Buffer.from(key),
  value,
  offset: String(i),
  timestamp: String(timestampMs),
})

/** A fold behind the part of the runner that knows no broker. */
async function folded<State, Shared, Inputs extends TopicName>(
  fold: Fold<State, Shared, Inputs>,
  topic: Inputs,
  messages: readonly RawMessage[],
) {
  const causes: string[] = []
  const ignore = (): void => {}
  const counted = {
    folded: ignore,
    consumed: ignore,
    produced: ignore,
    committed: ignore,
    aborted: ignore,
    checkpointed: ignore,
  }
  const metrics = { ...counted, deadLetter: (cause: string) => causes.push(cause) }
  // The registry answers that it knows no other schema.
  const inbox = new Inbox(codec, async () => null, silent, fold.name, 0, 1)
  const limits = { partitions: 1, topicPrefix: '', deadLettersPerThousandMax: 100, nowMs: () => 0 }
  const folding = new Folding({ fold, codec, metrics, ...limits }, 0, inbox)
  await folding.take(topic, messages, async () => {})
  const sent = folding.outbox.take()
  return {
    causes,
    shared: folding.partitionFold.shared,
    of: (name: TopicName) => sent.filter((parcel) => parcel.topic === name).flatMap((parcel) => parcel.messages),
  }
}

const injected = await folded(
  fraudInjector(settings),
  'transactions.genuine',
  genuine.map((tx, i) => message(tx.customer_id, codec.encode('transactions.genuine', tx), tx.event_time, i)),
)

test('the runner damages the same records in the same way as the log in memory', () => {
  const log = new MemoryLog(1)
  for (const tx of genuine) log.append('transactions.genuine', tx.customer_id, tx, tx.event_time)
  new MemoryTask(fraudInjector(settings), log, 0).transact('transactions.genuine', genuine.length)
  for (const topic of ['transactions', 'delivery-faults', 'ground-truth'] as const) {
    const inMemory = log.log(topic, 0).map(({ key, value }) => `${key} ${value.toString('hex')}`)
    expect(inMemory.length).toBeGreaterThan(100)
    expect(injected.of(topic).map(({ key, value }) => `${key} ${value!.toString('hex')}`)).toEqual(inMemory)
  }
})

test('the scorer makes a dead letter of each, says why, and goes on', async () => {
  const transactions = injected
    .of('transactions')
    .map(({ key, value, timestamp }, i) => message(String(key), value!, Number(timestamp), i))
  const { causes, shared, of } = await folded(customerFold(settings), 'transactions', transactions)
  const faults = injected.of('delivery-faults').map(({ value }) => codec.decode('delivery-faults', value))
  const corrupt = faults.filter(({ kind }) => kind === 'CORRUPT').length
  expect(causes.length).toBe(corrupt)
  expect(new Set(causes)).toEqual(new Set(['NOT_FRAMED', 'UNKNOWN_SCHEMA', 'CORRUPT']))
  expect(of('dead-letters').length).toBe(corrupt)
  expect(shared.consumed).toBe(transactions.length)
  expect(shared.totals.duplicates).toBe(transactions.length - injected.shared.delivered - corrupt)
  expect(shared.totals.duplicates).toBeGreaterThan(100)
})
