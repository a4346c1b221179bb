import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { countBrokers } from '#infra/local/kafka-probe.ts'
import { freePorts } from '#infra/local/ports.ts'
import { launch } from '#infra/local/process.ts'
import { runCommand } from '#infra/local/run-command.ts'
import { serverProperties } from '#infra/local/server-properties.ts'

export interface SecuredBroker {
  /** host:port at which a login is asked for. */
  readonly address: string
  stop(): Promise<void>
}

interface Options {
  readonly java: string
  readonly kafkaClassPath: string
  readonly folder: string
  readonly username: string
  readonly password: string
}

const LIMIT_MS = 60_000
const CLUSTER_ID = 'c2VjdXJlZC1icm9rZXItMQ'
const jaas = 'org.apache.kafka.common.security'

/** A broker that lets one user in, by SASL: PLAIN or SCRAM-SHA-256. */
export async function startSecuredBroker(options: Options): Promise<SecuredBroker> {
  const { java, kafkaClassPath, folder, username, password } = options
  const [port, controllerPort, loginPort] = (await freePorts(3)) as [number, number, number]
  const node = { id: 1, port, controllerPort }
  const plain = `${jaas}.plain.PlainLoginModule required user_${username}="${password}";`
  const properties = serverProperties(node, [node], join(folder, 'data'), {
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort},LOGIN://127.0.0.1:${loginPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port},LOGIN://127.0.0.1:${loginPort}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,LOGIN:SASL_PLAINTEXT',
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256',
    'listener.name.login.plain.sasl.jaas.config': plain,
    'listener.name.login.scram-sha-256.sasl.jaas.config': `${jaas}.scram.ScramLoginModule required;`,
  })
  const file = join(folder, 'broker.properties')
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, properties)
  const scram = ['--add-scram', `SCRAM-SHA-256=[name=${username},password=${password}]`]
  const format = ['-cp', kafkaClassPath, 'kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', file, ...scram]
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
  return { address: `127.0.0.1:${loginPort}`, stop: () => running.stop() }
}
