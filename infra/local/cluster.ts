import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { countBrokers } from './kafka-probe.ts'
import { freePorts } from './ports.ts'
import { ServerError } from './process.ts'
import { runCommand } from './run-command.ts'
import { createServer, type Server, type ServerEvents } from './server.ts'
import { type NodeAddress, serverProperties } from './server-properties.ts'

const READY_LIMIT_MS = 120_000
const POLL_MS = 50
const FORMAT_LIMIT_MS = 60_000
const STOP_LIMIT_MS = 15_000

export interface ClusterOptions extends ServerEvents {
  /** The java command. */
  readonly java: string
  readonly kafkaClassPath: string
  /** Data of all brokers; an earlier cluster in it goes on. */
  readonly folder: string
  readonly logFolder: string
  readonly brokers?: number
  /** Heap of each broker, MiB. */
  readonly heapMb?: number
  /** Win over the built-in server.properties. */
  readonly properties?: Readonly<Record<string, string>>
}

export interface Broker extends Server {
  readonly id: number
  /** host:port; the same for as long as the cluster lives. */
  readonly address: string
}

export interface Cluster {
  readonly brokers: readonly Broker[]
  /** host:port of every broker. */
  readonly addresses: readonly string[]
  stop(): Promise<void>
}

/** Starts one or more brokers on free loopback ports, each a controller too. Ready means that every broker sees all. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const count = options.brokers ?? 1
  mkdirSync(options.folder, { recursive: true })
  const clusterId = clusterIdOf(options.folder)
  const ports = await freePorts(2 * count)
  const nodes = Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    port: ports[2 * index] as number,
    controllerPort: ports[2 * index + 1] as number,
  }))
  const brokers = nodes.map((node) => createBroker(node, nodes, options))
  for (const node of nodes) await format(node, nodes, clusterId, options)
  const stop = async () => {
    await Promise.all(brokers.map((broker) => broker.stop()))
  }
  try {
    await Promise.all(brokers.map((broker) => broker.start()))
    await Promise.all(nodes.map(({ port }) => untilItSees(count, port)))
  } catch (error) {
    await stop()
    throw error
  }
  return { brokers, addresses: brokers.map(({ address }) => address), stop }
}

/** A broker answers a moment before it has heard of the others. */
async function untilItSees(count: number, port: number): Promise<void> {
  const deadline = performance.now() + READY_LIMIT_MS
  while ((await countBrokers(port)) < count) {
    if (performance.now() > deadline)
      throw new ServerError(`the broker on port ${port} does not see all ${count} brokers`)
    await delay(POLL_MS)
  }
}

function clusterIdOf(folder: string): string {
  const file = join(folder, 'cluster-id')
  // Kafka's tools take an id that begins with a hyphen for an option.
  if (!existsSync(file)) writeFileSync(file, randomBytes(16).toString('base64url').replace(/^-/, 'A'))
  return readFileSync(file, 'utf8')
}

const propertiesFile = (folder: string, id: number): string => join(folder, `broker-${id}.properties`)

const loggingFlag = `-Dlog4j2.configurationFile=${join(import.meta.dirname, 'log4j2.properties')}`

/** Gives a new data folder its identity. Kafka refuses a folder that has none, or another. */
async function format(
  node: NodeAddress,
  nodes: readonly NodeAddress[],
  clusterId: string,
  { folder, java, kafkaClassPath, properties }: ClusterOptions,
): Promise<void> {
  const logFolder = join(folder, `broker-${node.id}`)
  const file = propertiesFile(folder, node.id)
  writeFileSync(file, serverProperties(node, nodes, logFolder, properties))
  const marker = join(folder, `broker-${node.id}.formatted`)
  if (existsSync(marker)) return
  const flags = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', loggingFlag, '-cp', kafkaClassPath]
  const command = ['kafka.tools.StorageTool', 'format', '--ignore-formatted', '-t', clusterId, '-c', file]
  const { code, output } = await runCommand(java, [...flags, ...command], { timeoutMs: FORMAT_LIMIT_MS })
  if (code !== 0) throw new ServerError(`Kafka could not format ${logFolder}:\n${output}`)
  writeFileSync(marker, '')
}

function createBroker(node: NodeAddress, nodes: readonly NodeAddress[], options: ClusterOptions): Broker {
  const heap = options.heapMb ?? 1_024
  // On two cores the serial collector costs the least; half-optimised code would start sooner and serve slower.
  const flags = [`-Xms${Math.min(256, heap)}m`, `-Xmx${heap}m`, '-XX:+UseSerialGC', loggingFlag]
  const server = createServer(
    {
      name: nodes.length === 1 ? 'Kafka' : `Kafka broker ${node.id}`,
      command: options.java,
      args: [...flags, '-cp', options.kafkaClassPath, 'kafka.Kafka', propertiesFile(options.folder, node.id)],
      cwd: options.folder,
      logFile: join(options.logFolder, nodes.length === 1 ? 'kafka.log' : `kafka-${node.id}.log`),
      isReady: async () => (await countBrokers(node.port)) > 0,
      readyTimeoutMs: READY_LIMIT_MS,
      stopTimeoutMs: STOP_LIMIT_MS,
      onSpawn: options.onSpawn,
    },
    options.onUnexpectedExit,
  )
  return Object.assign(server, { id: node.id, address: `127.0.0.1:${node.port}` })
}
