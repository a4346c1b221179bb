import type { Logger } from 'pino'
import type { Change } from '#infra/change.ts'
import type { Connection } from '#infra/connection.ts'
import { type TopicName, topicConfig, topicNames } from '#schemas/topics.ts'
import type { Settings } from '#services/settings.ts'
import { type Admin, connectKafka } from './client.ts'

type TopicSettings = Pick<Settings, 'topicPrefix' | 'partitions' | 'retentionBytes'>

/** A topic that cannot carry this stream, with what was found and what is needed. */
export class TopicError extends Error {
  override readonly name = 'TopicError'
}

export const missingTopic = (topic: string): TopicError =>
  new TopicError(`topic ${topic} does not exist: run \`rupeestream topics\``)

const TOPIC_RESOURCE = 2
const LEADERS_TIMEOUT_MS = 30_000
const LEADERS_PAUSE_MS = 50

/** Settings whose wrong value loses records; others may differ, on somebody's own cluster. */
const vital = [
  'message.timestamp.type',
  'message.timestamp.before.max.ms',
  'message.timestamp.after.max.ms',
  'cleanup.policy',
  'retention.ms',
]

/**
 * Creates the topics that are missing and checks the others. Throws TopicError, naming all that is wrong, when an
 * existing topic would refuse or delete simulated time or has another number of partitions.
 */
export async function deployTopics(connection: Connection, settings: TopicSettings, log: Logger): Promise<Change[]> {
  return withAdmin(connection, log, async (admin) => {
    const existing = new Set(await admin.listTopics())
    const missing = topicNames.filter((name) => !existing.has(settings.topicPrefix + name))
    if (missing.length > 0) {
      await admin.createTopics({
        waitForLeaders: false,
        topics: missing.map((name) => ({
          topic: settings.topicPrefix + name,
          numPartitions: settings.partitions,
          replicationFactor: -1,
          configEntries: Object.entries(topicConfig(name, settings.retentionBytes)).map(([key, value]) => ({
            name: key,
            value,
          })),
        })),
      })
    }
    await waitForLeaders(
      admin,
      missing.map((name) => settings.topicPrefix + name),
    )
    await check(admin, settings)
    return topicNames.map((name) => ({
      name: settings.topicPrefix + name,
      action: missing.includes(name) ? 'created' : 'unchanged',
    }))
  })
}

/**
 * Resolves when every partition of these topics has a leader. A broker tells of new topics a little after it has made them;
 * until then it says that it does not know them, and kafkajs, waiting by itself, gives up at that. Throws TopicError, or
 * what the broker said, after 30 s.
 */
export async function waitForLeaders(admin: Admin, topics: string[]): Promise<void> {
  for (const deadline = Date.now() + LEADERS_TIMEOUT_MS; ; ) {
    try {
      const metadata = await admin.fetchTopicMetadata({ topics })
      if (metadata.topics.every(({ partitions }) => partitions.every(({ leader }) => leader >= 0))) return
    } catch (error) {
      if (Date.now() > deadline) throw error
    }
    if (Date.now() > deadline)
      throw new TopicError(`no leaders for ${topics.join(', ')} after ${LEADERS_TIMEOUT_MS} ms`)
    await new Promise((resolve) => setTimeout(resolve, LEADERS_PAUSE_MS))
  }
}

/** Throws TopicError unless every topic exists and can carry this stream. */
export async function checkTopics(connection: Connection, settings: TopicSettings, log: Logger): Promise<void> {
  await withAdmin(connection, log, (admin) => check(admin, settings))
}

async function check(admin: Admin, settings: TopicSettings): Promise<void> {
  const existing = new Set(await admin.listTopics())
  const wrong = topicNames
    .filter((name) => !existing.has(settings.topicPrefix + name))
    .map((name) => missingTopic(settings.topicPrefix + name).message)
  const present = topicNames.filter((name) => existing.has(settings.topicPrefix + name))
  if (present.length > 0)
    wrong.push(...(await wrongPartitions(admin, settings, present)), ...(await wrongConfigs(admin, settings, present)))
  if (wrong.length > 0) throw new TopicError(wrong.join('\n'))
}

async function wrongPartitions(
  admin: Admin,
  { topicPrefix, partitions }: TopicSettings,
  names: readonly TopicName[],
): Promise<string[]> {
  const { topics } = await admin.fetchTopicMetadata({ topics: names.map((name) => topicPrefix + name) })
  return topics
    .filter((topic) => topic.partitions.length !== partitions)
    .map(
      ({ name, partitions: found }) =>
        `topic ${name} has ${found.length} partitions, ${partitions} are needed: set partitions, or take another topicPrefix`,
    )
}

async function wrongConfigs(
  admin: Admin,
  { topicPrefix, retentionBytes }: TopicSettings,
  names: readonly TopicName[],
): Promise<string[]> {
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: names.map((name) => ({ type: TOPIC_RESOURCE, name: topicPrefix + name, configNames: vital })),
  })
  return resources.flatMap(({ resourceName, configEntries }) => {
    const needed = topicConfig(resourceName.slice(topicPrefix.length) as TopicName, retentionBytes)
    return configEntries
      .filter(({ configName, configValue }) => needed[configName] !== undefined && needed[configName] !== configValue)
      .map(
        ({ configName, configValue }) =>
          `topic ${resourceName} has ${configName}=${configValue}, which refuses or deletes records of simulated time: ${needed[configName]} is needed`,
      )
  })
}

async function withAdmin<T>(connection: Connection, log: Logger, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = connectKafka(connection, 'rupeestream-deploy', log).admin()
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.disconnect()
  }
}
