/** One node of a cluster: broker and controller in one process. */
export interface NodeAddress {
  readonly id: number
  /** Where clients connect, on loopback. */
  readonly port: number
  /** Where the controllers talk to each other. */
  readonly controllerPort: number
}

/** Enough for the groups and transactions of one machine; every partition costs time at start. */
const INTERNAL_TOPIC_PARTITIONS = 8

/**
 * A broker that crashed is let in again when its old session has run out: after 9 s by default, which gives others the
 * time to take over. A single broker has no others.
 */
const soonBackAfterCrash = { 'broker.session.timeout.ms': '3000', 'broker.heartbeat.interval.ms': '500' }

/**
 * A broker's thread pools are made for servers. On two cores that the services share, its dozen of threads wake each
 * other for nothing, and a commit of offsets need not wait 5 ms for others to join it.
 */
const fewCores = {
  'num.network.threads': '2',
  'num.io.threads': '2',
  'group.coordinator.threads': '1',
  'group.coordinator.append.linger.ms': '0',
}

/** The server.properties of a node. `overrides` win over everything here. */
export function serverProperties(
  node: NodeAddress,
  nodes: readonly NodeAddress[],
  logFolder: string,
  overrides: Readonly<Record<string, string>> = {},
): string {
  const replicas = String(Math.min(3, nodes.length))
  const minInSync = String(Math.min(2, nodes.length))
  const properties: Record<string, string> = {
    'process.roles': 'broker,controller',
    'node.id': String(node.id),
    'controller.quorum.voters': nodes.map(({ id, controllerPort }) => `${id}@127.0.0.1:${controllerPort}`).join(','),
    listeners: `PLAINTEXT://127.0.0.1:${node.port},CONTROLLER://127.0.0.1:${node.controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${node.port}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': logFolder,
    'auto.create.topics.enable': 'false',
    'default.replication.factor': replicas,
    'min.insync.replicas': minInSync,
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': String(INTERNAL_TOPIC_PARTITIONS),
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': minInSync,
    'transaction.state.log.num.partitions': String(INTERNAL_TOPIC_PARTITIONS),
    // Services start together, so waiting for more members only delays the first record.
    'group.initial.rebalance.delay.ms': '0',
    'group.min.session.timeout.ms': '1000',
    ...fewCores,
    ...(nodes.length === 1 ? soonBackAfterCrash : {}),
    ...overrides,
  }
  return Object.entries(properties)
    .map(([key, value]) => `${key}=${value.replaceAll('\\', '\\\\')}\n`)
    .join('')
}
