import { existsSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Connection } from '#infra/connection.ts'
import { startRegistry } from './apicurio.ts'
import { startCluster } from './cluster.ts'
import { composeAnswers, removeComposeStack, startComposeStack } from './compose.ts'
import { EnvironmentError } from './environment-error.ts'
import { fetchPrograms, isCached } from './fetch.ts'
import { findJava, MIN_JAVA_VERSION } from './find-java.ts'
import { type Lock, lockFolder } from './lock.ts'
import { runCommand } from './run-command.ts'
import type { Server } from './server.ts'

export interface StackOptions {
  /** Kafka's and the registry's data and logs; a second start with the same folder goes on. */
  readonly dataDir: string
  readonly onProgress?: (text: string) => void
  /** Kafka's heap, MiB. */
  readonly heapMb?: number
  /** Win over the built-in server.properties. */
  readonly properties?: Readonly<Record<string, string>>
  /** Hears of a server that ended by itself. */
  readonly onUnexpectedExit?: (error: Error) => void
}

/** A Kafka and a schema registry of one's own on this machine. */
export interface LocalStack {
  readonly connection: Connection
  readonly broker: Server
  readonly registry: Server
  /** The java command, and what its -cp takes to run Kafka's own tools; both undefined when Docker runs the stack. */
  readonly java: string | undefined
  readonly kafkaClassPath: string | undefined
  stop(): Promise<void>
}

/**
 * Starts Kafka and the registry side by side on free loopback ports, ready when it resolves. Without a Java that is new
 * enough it asks Docker. Throws EnvironmentError when this machine has neither, or the folder is in use; ServerError
 * when a server does not start.
 */
export async function startLocalStack(options: StackOptions): Promise<LocalStack> {
  const dataDir = resolve(options.dataDir)
  if (/[,;]/.test(dataDir))
    throw new EnvironmentError(`a data folder's path may not hold a comma or semicolon: ${dataDir}`)
  const java = await findJava()
  const canFetch = isCached() || (await runCommand('mvn', ['-v'], { timeoutMs: 20_000 })).code === 0
  const lock = await lockFolder(dataDir)
  try {
    if (java !== undefined && canFetch) return await startOnJava(java.path, dataDir, lock, options)
    if (await composeAnswers()) return await startComposeStack(dataDir, lock, options.onProgress)
  } catch (error) {
    lock.release()
    throw error
  }
  lock.release()
  throw new EnvironmentError(whatIsMissing(java === undefined, !canFetch))
}

/** Removes all data of a local stack. Throws EnvironmentError while it is in use. */
export async function resetLocalStack(dataDir: string): Promise<void> {
  if (!existsSync(dataDir)) return
  const lock = await lockFolder(resolve(dataDir))
  await removeComposeStack(dataDir)
  for (const part of ['kafka', 'registry', 'logs']) rmSync(join(dataDir, part), { recursive: true, force: true })
  lock.release()
}

function whatIsMissing(noJava: boolean, noMaven: boolean): string {
  const missing = [
    ...(noJava
      ? [`a JDK of version ${MIN_JAVA_VERSION} or newer (JAVA_HOME, PATH and the usual folders have none)`]
      : []),
    ...(noMaven ? ['Maven 3.6 or newer (mvn is not on the PATH)'] : []),
  ]
  return `No Kafka can be started here. Install ${missing.join(' and ')}, or start Docker (with its compose plugin), or name a running Kafka and registry with --brokers and --registry.`
}

async function startOnJava(java: string, dataDir: string, lock: Lock, options: StackOptions): Promise<LocalStack> {
  const { onProgress = () => {}, onUnexpectedExit } = options
  const programs = await fetchPrograms(onProgress)
  onProgress('starting Kafka and the schema registry')
  const common = { java, logFolder: join(dataDir, 'logs'), onUnexpectedExit, onSpawn: lock.remember }
  const cluster = startCluster({
    ...common,
    kafkaClassPath: programs.kafkaClassPath,
    folder: join(dataDir, 'kafka'),
    ...(options.heapMb === undefined ? {} : { heapMb: options.heapMb }),
    ...(options.properties === undefined ? {} : { properties: options.properties }),
  })
  const registry = startRegistry({
    ...common,
    programFolder: programs.registryFolder,
    folder: join(dataDir, 'registry'),
  })
  const [kafka, schemas] = await bothOrNeither(cluster, registry)
  const [broker] = kafka.brokers
  if (broker === undefined) throw new Error('a cluster of no brokers')
  return {
    connection: { brokers: kafka.addresses, registry: schemas.url },
    broker,
    registry: schemas,
    java,
    kafkaClassPath: programs.kafkaClassPath,
    async stop() {
      await Promise.all([kafka.stop(), schemas.stop()])
      lock.release()
    },
  }
}

interface Stoppable {
  stop(): Promise<void>
}

/** When one does not start, the other is stopped again. */
async function bothOrNeither<One extends Stoppable, Other extends Stoppable>(
  one: Promise<One>,
  other: Promise<Other>,
): Promise<[One, Other]> {
  const results = await Promise.allSettled([one, other])
  const [first, second] = results
  if (first.status === 'fulfilled' && second.status === 'fulfilled') return [first.value, second.value]
  await Promise.all(results.map((result) => (result.status === 'fulfilled' ? result.value.stop() : undefined)))
  throw first.status === 'rejected' ? first.reason : (second as PromiseRejectedResult).reason
}
