import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { Connection } from '#infra/connection.ts'
import { startCluster } from '#infra/local/cluster.ts'
import { EnvironmentError } from '#infra/local/environment-error.ts'
import { countBrokers } from '#infra/local/kafka-probe.ts'
import { runCommand } from '#infra/local/run-command.ts'
import { type LocalStack, resetLocalStack, startLocalStack } from '#infra/local/stack.ts'
import { describeOnStack, sharedStack } from '../helpers/stack.ts'

const folder = mkdtempSync(join(tmpdir(), 'rupeestream-local-stack-'))
const dataDir = join(folder, 'data')
const running: { stop(): Promise<void> }[] = []

afterAll(async () => {
  await Promise.all(running.map((stack) => stack.stop()))
  rmSync(folder, { recursive: true, force: true })
})

async function start(): Promise<LocalStack> {
  const stack = await startLocalStack({ dataDir })
  running.push(stack)
  return stack
}

const schema = '{"type":"record","name":"Kept","fields":[{"name":"a","type":"string"}]}'

async function registerSchema({ registry }: Connection): Promise<void> {
  const response = await fetch(`${registry}/subjects/kept-value/versions`, {
    method: 'POST',
    headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
    body: JSON.stringify({ schema }),
  })
  expect(response.status).toBe(200)
}

async function subjects({ registry }: Connection): Promise<unknown> {
  return (await fetch(`${registry}/subjects`)).json()
}

/** Kafka's own tool, so that nothing of ours vouches for ours. */
async function topicCommand(stack: LocalStack, ...args: string[]): Promise<string> {
  const tool = ['-cp', stack.kafkaClassPath ?? '', 'org.apache.kafka.tools.TopicCommand']
  const server = ['--bootstrap-server', stack.connection.brokers.join(',')]
  const { code, output } = await runCommand(stack.java ?? 'java', [...tool, ...server, ...args], { timeoutMs: 60_000 })
  expect(code, output).toBe(0)
  return output
}

const inContainers = 'Docker runs the stack here'

describeOnStack('the local stack', () => {
  test('keeps topics and schemas through kill -9 and through a stop, until it is reset', async ({ skip }) => {
    skip(sharedStack().java === undefined, inContainers)
    const first = await start()
    await topicCommand(first, '--create', '--topic', 'kept', '--partitions', '3')
    await registerSchema(first.connection)

    await Promise.all([first.broker.kill(), first.registry.kill()])
    expect(first.broker.pid).toBeUndefined()
    await Promise.all([first.broker.start(), first.registry.start()])
    expect(await subjects(first.connection)).toEqual(['kept-value'])
    expect(await topicCommand(first, '--describe', '--topic', 'kept')).toContain('PartitionCount: 3')

    await expect(startLocalStack({ dataDir })).rejects.toThrow(EnvironmentError)
    await expect(resetLocalStack(dataDir)).rejects.toThrow(`in use by process ${process.pid}`)
    await first.stop()

    const second = await start()
    expect(await subjects(second.connection)).toEqual(['kept-value'])
    expect(await topicCommand(second, '--describe', '--topic', 'kept')).toContain('PartitionCount: 3')
    await second.stop()

    await resetLocalStack(dataDir)
    expect(readdirSync(dataDir)).toEqual([])
  })

  test('tells of a broker that ends by itself, and of none that was told to', async ({ skip }) => {
    skip(sharedStack().java === undefined, inContainers)
    let report: (error: Error) => void = () => {}
    const reported = new Promise<Error>((resolve) => {
      report = resolve
    })
    const stack = await startLocalStack({
      dataDir: join(folder, 'watched'),
      onUnexpectedExit: (error) => report(error),
    })
    running.push(stack)
    await stack.registry.kill()
    process.kill(stack.broker.pid as number, 'SIGKILL')
    const error = await reported
    expect(error.message).toContain('Kafka ended (signal SIGKILL)')
    await stack.stop()
    expect(existsSync(join(folder, 'watched/lock'))).toBe(false)
  })

  test('runs three brokers that replicate, and gets a killed one back at its address', async ({ skip }) => {
    const { java = '', kafkaClassPath = '' } = sharedStack()
    skip(java === '', inContainers)
    const options = { java, kafkaClassPath, heapMb: 384, logFolder: join(folder, 'logs') }
    const cluster = await startCluster({ ...options, folder: join(folder, 'cluster'), brokers: 3 })
    running.push(cluster)
    const ports = cluster.addresses.map((address) => Number(address.split(':')[1]))
    expect(await Promise.all(ports.map((port) => countBrokers(port)))).toEqual([3, 3, 3])
    await cluster.brokers[0]?.kill()
    expect(await countBrokers(ports[0] as number)).toBe(0)
    await cluster.brokers[0]?.start()
    expect(await countBrokers(ports[0] as number)).toBeGreaterThan(0)
    await cluster.stop()
    const properties = readFileSync(join(folder, 'cluster/broker-1.properties'), 'utf8')
    expect(properties).toContain('min.insync.replicas=2')
  })
})
