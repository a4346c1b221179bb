import { expect, test } from 'vitest'
import type { EachBatchPayload, Kafka } from '#infra/kafka/client.ts'
import { AlertArchive } from '#infra/postgres/alert-archive.ts'
import { Codec } from '#infra/registry/codec.ts'
import { partitionOf } from '#schemas/partition.ts'
import { type TopicName, topicNames } from '#schemas/topics.ts'
import type { Alert } from '#schemas/types.ts'
import { silent } from '../../helpers/deployed.ts'
import { alert } from '../monitor/helpers.ts'

const codec = new Codec(Object.fromEntries(topicNames.map((name, i) => [name, i + 1])) as Record<TopicName, number>)
const CUSTOMER = 'CUST0000001'
const partition = partitionOf(CUSTOMER, 2)

type EachBatch = (payload: EachBatchPayload) => Promise<void>

/** An archive whose consumer is handed batches by the test, and whose database does as it is told. */
async function archiveOn(write: (alerts: readonly Alert[]) => Promise<void>) {
  const handed = Promise.withResolvers<EachBatch>()
  const consumer = {
    connect: async () => {},
    subscribe: async () => {},
    run: async ({ eachBatch }: { eachBatch: EachBatch }) => handed.resolve(eachBatch),
    disconnect: async () => {},
  }
  const seen = { written: 0, retries: 0, resolved: [] as string[] }
  const archive = new AlertArchive({
    kafka: { consumer: () => consumer } as unknown as Kafka,
    codec,
    lookUp: async () => null,
    log: silent,
    topicPrefix: 'mine.',
    partitions: 2,
    table: { write, close: async () => {} },
    metrics: {
      written: (alerts) => {
        seen.written += alerts
      },
      retried: () => {
        seen.retries++
      },
    },
  })
  await archive.start()
  const eachBatch = await handed.promise
  const take = (values: readonly Buffer[]) =>
    eachBatch({
      batch: {
        topic: 'mine.alerts.fraud',
        partition,
        messages: values.map((value, i) => ({ key: Buffer.from(CUSTOMER), value, offset: String(i), timestamp: '0' })),
      },
      resolveOffset: (offset: string) => seen.resolved.push(offset),
      heartbeat: async () => {},
      isRunning: () => true,
      isStale: () => false,
    } as unknown as EachBatchPayload)
  return { archive, seen, take }
}

const bytes = (id: string): Buffer => codec.encode('alerts.fraud', alert(id, 1_000).value as Alert)

test('alerts are written again and again until the database takes them, and only then counted as read', async () => {
  const tries: string[][] = []
  const { seen, take } = await archiveOn(async (alerts) => {
    expect(seen.resolved).toEqual([])
    tries.push(alerts.map(({ transaction_id }) => transaction_id))
    if (tries.length < 3) throw new Error('the database is away')
  })
  await take([bytes('a'), bytes('b')])
  expect(tries).toEqual([
    ['a', 'b'],
    ['a', 'b'],
    ['a', 'b'],
  ])
  expect(seen).toEqual({ written: 2, retries: 2, resolved: ['1'] })
})

test('what cannot be read is left to the monitor’s own dead letters', async () => {
  const written: string[] = []
  const { seen, take } = await archiveOn(async (alerts) => {
    written.push(...alerts.map(({ transaction_id }) => transaction_id))
  })
  await take([bytes('a'), Buffer.from('junk'), bytes('b')])
  expect(written).toEqual(['a', 'b'])
  expect(seen.resolved).toEqual(['2'])
})

test('a service that stops while the database is away leaves the alerts to be read again', async () => {
  const refused = Promise.withResolvers<void>()
  const { archive, seen, take } = await archiveOn(async () => {
    refused.resolve()
    throw new Error('the database is away')
  })
  const taking = take([bytes('a')])
  await refused.promise
  await archive.stop()
  await taking
  expect(seen).toMatchObject({ written: 0, resolved: [] })
})
