import type { ISocketFactory, Kafka, LogEntry, SASLOptions } from 'kafkajs'
import type { Logger } from 'pino'
import type { Connection } from '#infra/connection.ts'
import { Kafka as Client, logLevel } from './client/kafkajs.ts'

/** Opens a socket to a broker; for networks that need more than host and port. */
export type SocketFactory = ISocketFactory

export type { Admin, Batch, Consumer, EachBatchPayload, Kafka, Producer, Transaction } from 'kafkajs'

/**
 * How long one request to Kafka is tried again, in all about half a minute: then the task that asked starts over from
 * its last commit. The short first pause matters: the default of 300 ms makes transactions two to three times slower.
 */
export const retry = { initialRetryTime: 5, maxRetryTime: 500, retries: 60 }

/** kafkajs's own messages, one level down where it calls ordinary events of a transaction errors. */
function logCreator(log: Logger) {
  return () =>
    ({ level, namespace, log: entry }: LogEntry): void => {
      const { message, timestamp: _, logger: __, ...details } = entry
      const text = `kafka ${namespace}: ${message}`
      if (level <= logLevel.ERROR) log.debug(details, text)
      else log.trace(details, text)
    }
}

/**
 * The one way to Kafka. The client's own log goes to debug: what matters to people is said by the code that asked,
 * which knows whether a failure was final.
 */
export function connectKafka(
  connection: Connection,
  clientId: string,
  log: Logger,
  options: { readonly socketFactory?: SocketFactory | undefined } = {},
): Kafka {
  const { tls, sasl } = connection
  return new Client({
    clientId,
    brokers: [...connection.brokers],
    connectionTimeout: 3_000,
    requestTimeout: 10_000,
    retry,
    logLevel: logLevel.WARN,
    logCreator: logCreator(log),
    ...(options.socketFactory === undefined ? {} : { socketFactory: options.socketFactory }),
    ...(tls === undefined ? {} : { ssl: Object.keys(tls).length === 0 ? true : { ...tls } }),
    ...(sasl === undefined ? {} : { sasl: { ...sasl } as SASLOptions }),
  })
}

/** Kafka events that a consumer tells of. */
export const consumerEvents = {
  crash: 'consumer.crash',
  join: 'consumer.group_join',
  batchEnd: 'consumer.end_batch_process',
} as const
