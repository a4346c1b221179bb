import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { countBrokers } from '#infra/local/kafka-probe.ts'
import { freePorts } from '#infra/local/ports.ts'
import { launch } from '#infra/local/process.ts'
import { runCommand } from '#infra/local/run-command.ts'
import { serverProperties } from '#infra/local/server-properties.ts'
import { type Authority, makeAuthority } from './authority.ts'

export interface SecuredBroker {
  /** host:port at which a login is asked for: in the clear, and within TLS. */
  readonly address: string
  readonly tlsAddress: string
  readonly authority: Authority
  stop(): Promise<void>
}

interface Options {
  readonly java: string
  readonly kafkaClassPath: string
  readonly folder: string
  /** Passwords by user. The first user may do everything, the others what they are allowed to. */
  readonly users: Readonly<Record<string, string>>
}

const LIMIT_MS = 60_000
const CLUSTER_ID = 'c2VjdXJlZC1icm9rZXItMQ'
const jaas = 'org.apache.kafka.common.security'

/** A broker that lets users in by SASL, PLAIN or SCRAM-SHA-256, also within TLS, and asks its ACLs what they may do. */
export async function startSecuredBroker(options: Options): Promise<SecuredBroker> {
  const { java, kafkaClassPath, folder, users } = options
  mkdirSync(folder, { recursive: true })
  const authority = await makeAuthority(folder)
  const [port, controllerPort, loginPort, tlsPort] = (await freePorts(4)) as [number, number, number, number]
  const node = { id: 1, port, controllerPort }
  const logins = Object.entries(users).map(([name, password]) => `user_${name}="${password}"`)
  const plain = `${jaas}.plain.PlainLoginModule required ${logins.join(' ')};`
  const scram = `${jaas}.scram.ScramLoginModule required;`
  const properties = serverProperties(node, [node], join(folder, 'data'), {
    listeners: [
      ...[`PLAINTEXT://127.0.0.1:${port}`, `CONTROLLER://127.0.0.1:${controllerPort}`],
      ...[`LOGIN://127.0.0.1:${loginPort}`, `TLS://127.0.0.1:${tlsPort}`],
    ].join(','),
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port},LOGIN://127.0.0.1:${loginPort},TLS://127.0.0.1:${tlsPort}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,LOGIN:SASL_PLAINTEXT,TLS:SASL_SSL',
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256',
    ...Object.fromEntries(
      ['login', 'tls'].flatMap((listener) => [
        [`listener.name.${listener}.plain.sasl.jaas.config`, plain],
        [`listener.name.${listener}.scram-sha-256.sasl.jaas.config`, scram],
      ]),
    ),
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': authority.keyStore,
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    // The broker itself comes to its controller in the clear, as nobody.
    'super.users': `User:ANONYMOUS;User:${Object.keys(users)[0]}`,
  })
  const file = join(folder, 'broker.properties')
  writeFileSync(file, properties)
  const scrams = Object.entries(users).flatMap(([name, password]) => [
    '--add-scram',
    `SCRAM-SHA-256=[name=${name},password=${password}]`,
  ])
  const format = ['-cp', kafkaClassPath, 'kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', file, ...scrams]
  const { code, output } = await runCommand(java, format, { timeoutMs: LIMIT_MS })
  if (code !== 0) throw new Error(`Kafka could not format its folder:\n${output}`)
  const running = await launch({
    name: 'Kafka with a login',
    command: java,
    args: ['-Xmx512m', '-XX:+UseSerialGC', '-cp', kafkaClassPath, 'kafka.Kafka', file],
    cwd: folder,
    logFile: join(folder, 'kafka.log'),
    isReady: async () => (await countBrokers(port)) > 0,
    readyTimeoutMs: LIMIT_MS,
    stopTimeoutMs: 15_000,
  })
  return {
    address: `127.0.0.1:${loginPort}`,
    tlsAddress: `127.0.0.1:${tlsPort}`,
    authority,
    stop: () => running.stop(),
  }
}
