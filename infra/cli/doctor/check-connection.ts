import type { Connection } from '../../connection.ts'
import { quietLog } from '../topic-access.ts'
import type { Finding } from './finding.ts'

/** Asks the Kafka and the registry that were named. */
export async function checkConnection(connection: Connection): Promise<Finding[]> {
  return Promise.all([checkKafka(connection), checkRegistry(connection)])
}

async function checkKafka(connection: Connection): Promise<Finding> {
  const what = 'Kafka'
  const { connectKafka } = await import('../../kafka/client.ts')
  const log = quietLog()
  log.level = 'silent'
  const admin = connectKafka(connection, 'rupeestream-doctor', log).admin({ retry: { retries: 1 } })
  try {
    await admin.connect()
    const { brokers } = await admin.describeCluster()
    const count = brokers.length === 1 ? '1 broker' : `${brokers.length} brokers`
    return { state: 'ok', what, found: `${count} at ${connection.brokers.join(', ')}` }
  } catch (error) {
    const advice = 'check --brokers, and RUPEESTREAM_TLS and RUPEESTREAM_SASL_* if it wants them'
    return { state: 'missing', what, found: (error as Error).message, advice }
  } finally {
    await admin.disconnect().catch(() => {})
  }
}

async function checkRegistry(connection: Connection): Promise<Finding> {
  const what = 'Schema registry'
  const { ask } = await import('../../registry/request.ts')
  const advice = "check --registry: the URL below which Confluent's API answers, such as …/apis/ccompat/v7 of Apicurio"
  try {
    const { status } = await ask(connection, 'GET', '/subjects')
    if (status === 200) return { state: 'ok', what, found: connection.registry }
    return { state: 'missing', what, found: `${connection.registry}/subjects answers with status ${status}`, advice }
  } catch (error) {
    return { state: 'missing', what, found: (error as Error).message, advice }
  }
}
