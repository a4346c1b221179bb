import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, expect, type TestContext, test } from 'vitest'
import { stringify } from 'yaml'
import type { Report } from '#infra/cli/start/report.ts'
import { fetchPrograms } from '#infra/local/fetch.ts'
import { runCommand } from '#infra/local/run-command.ts'
import { partitionOf } from '#schemas/partition.ts'
import { Child, connectedTo, rupeestream } from '../helpers/child.ts'
import { pythonWith } from '../helpers/python.ts'
import { describeOnStack, sharedStack, uniquePrefix } from '../helpers/stack.ts'

const PARTITIONS = 3
const LIMIT_MS = 90_000
/** The 45 fields of a payment, and the moment at which it was meant to leave. */
const FIELDS = 46

/** What a foreign client says of a record. */
interface Seen {
  readonly key: string
  readonly partition: number
  /** Where the client's own murmur2 would have put the key. */
  readonly home: number
  readonly timestamp: number
  readonly timestampType: string
  readonly fields: number
  readonly id: string
  readonly customer: string
  readonly eventTime: number
  readonly amount: number
}

/** The features of a payment by name, as a program in another language says them. */
interface Decoded {
  readonly transaction_id: string
  readonly features: Readonly<Record<string, number>>
}

const foreign = join(import.meta.dirname, 'foreign')
const repository = join(import.meta.dirname, '../..')
const decode = join(repository, 'docs/decode')
const folder = mkdtempSync(join(tmpdir(), 'rupeestream-foreign-'))
const topicPrefix = uniquePrefix()
const topic = `${topicPrefix}transactions`
let written = 0

afterAll(async () => {
  await Child.endAll()
  rmSync(folder, { recursive: true, force: true })
})

/** Lets the pipeline itself write what the clients shall read. */
async function writeSome(): Promise<void> {
  const scenario = {
    topicPrefix,
    partitions: PARTITIONS,
    population: { customers: 60 },
    clock: { history: '1d' },
    pace: { rate: 50 },
  }
  const scenarioFile = join(folder, 'scenario.yaml')
  const reportFile = join(folder, 'report.json')
  writeFileSync(scenarioFile, stringify(scenario))
  const files = ['--scenario', scenarioFile, '--report', reportFile, '--data-dir', join(folder, 'data')]
  const args = ['start', '--transactions', '50', '--metrics-port', '0', '--json', ...files]
  const { code, errors } = await rupeestream(args, connectedTo(sharedStack().connection))
  expect(code, errors).toBe(0)
  written = (JSON.parse(readFileSync(reportFile, 'utf8')) as Report).injector.transactions
  expect(written).toBeGreaterThan(50)
}

function expectOurs(seen: readonly Seen[]): void {
  expect(seen).toHaveLength(written)
  expect(new Set(seen.map(({ id }) => id)).size).toBe(written)
  for (const record of seen) {
    const { key, eventTime, partition } = record
    expect(record).toMatchObject({ customer: key, home: partition, timestamp: eventTime, timestampType: 'CreateTime' })
    expect(record.fields).toBe(FIELDS)
    expect(record.amount).toBeGreaterThan(0)
    expect(partitionOf(key, PARTITIONS)).toBe(partition)
  }
  expect(new Set(seen.map(({ partition }) => partition)).size).toBe(PARTITIONS)
}

const parse = <Line = Seen>(output: string): Line[] =>
  output.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Line] : []))

/** What our own decoder makes of the same records, by transaction. */
async function ourFeatures(): Promise<Map<string, Decoded['features']>> {
  const args = ['tail', 'features', '--from-beginning', '-n', String(written), '--json', '--topic-prefix', topicPrefix]
  const { code, out, errors } = await rupeestream(args, connectedTo(sharedStack().connection))
  expect(code, errors).toBe(0)
  const lines = parse<{ value: { transaction_id: string; values: Decoded['features'] } }>(out)
  return new Map(lines.map(({ value }) => [value.transaction_id, value.values]))
}

/** Every feature of every payment, to the last bit of single precision. */
async function expectOurFeatures(decoded: readonly Decoded[]): Promise<void> {
  const ours = await ourFeatures()
  expect(ours.size).toBe(written)
  expect(new Set(decoded.map(({ transaction_id }) => transaction_id))).toEqual(new Set(ours.keys()))
  for (const { transaction_id, features } of decoded) {
    const single = Object.entries(features).map(([name, value]) => [name, Math.fround(value) + 0])
    expect(Object.fromEntries(single)).toEqual(ours.get(transaction_id))
  }
}

/** Skips a test for what this machine lacks: loudly. */
function lacks(skip: TestContext['skip'], missing: string): never {
  process.stderr.write(`\nA FOREIGN CLIENT IS NOT TESTED. ${missing}\n\n`)
  return skip(missing)
}

/** Kafka's jars, and Avro's, which the registry brings along. */
async function classPath(): Promise<string> {
  const { kafkaClassPath, registryFolder } = await fetchPrograms()
  const libraries = join(registryFolder, 'lib/main')
  const avro = readdirSync(libraries).find((name) => /^org\.apache\.avro\.avro-[\d.]+\.jar$/.test(name))
  return [kafkaClassPath, join(libraries, avro!)].join(delimiter)
}

/** A program of one file, compiled as it is run; skips the test where nothing can compile it. */
async function runJava(skip: TestContext['skip'], program: string, args: readonly string[]): Promise<string> {
  const { java } = sharedStack()
  skip(java === undefined, 'Docker runs the stack here')
  const { output: modules } = await runCommand(java!, ['--list-modules'], { timeoutMs: 20_000 })
  if (!modules.includes('jdk.compiler')) lacks(skip, `${java} is no JDK: it cannot compile Java`)
  const { code, output } = await runCommand(java!, ['-cp', await classPath(), program, ...args], {
    timeoutMs: LIMIT_MS,
  })
  expect(code, output).toBe(0)
  return output
}

async function runPython(skip: TestContext['skip'], script: string, args: readonly string[]): Promise<string> {
  const found = await pythonWith(join(foreign, 'requirements.txt'))
  if ('missing' in found) {
    if (process.env.REQUIRE_BROKER === '1') throw new Error(found.missing)
    return lacks(skip, found.missing)
  }
  const { code, output } = await runCommand(found.python, [script, ...args], { timeoutMs: LIMIT_MS })
  expect(code, output).toBe(0)
  return output
}

describeOnStack('foreign clients read what the pipeline wrote', () => {
  beforeAll(writeSome)

  test("Kafka's console consumer finds key, partition and event time", async ({ skip }) => {
    const { java, kafkaClassPath, connection } = sharedStack()
    skip(java === undefined, 'Docker runs the stack here')
    const shown = ['key', 'partition', 'timestamp', 'value=false'].flatMap((name) => [
      '--formatter-property',
      name.includes('=') ? `print.${name}` : `print.${name}=true`,
    ])
    const consumer = ['-cp', kafkaClassPath!, 'org.apache.kafka.tools.consumer.ConsoleConsumer']
    const what = ['--bootstrap-server', connection.brokers.join(','), '--topic', topic, '--from-beginning']
    const until = ['--isolation-level', 'read_committed', '--max-messages', String(written), '--timeout-ms', '60000']
    const { code, output } = await runCommand(java!, [...consumer, ...what, ...until, ...shown], {
      timeoutMs: LIMIT_MS,
    })
    expect(code, output).toBe(0)
    const lines = output.split('\n').filter((line) => line.startsWith('CreateTime:'))
    expect(lines).toHaveLength(written)
    for (const line of lines) {
      const [, time, partition, key] = /^CreateTime:(\d{13})\tPartition:(\d+)\t(CUST\d+)$/.exec(line) ?? []
      expect(partitionOf(key ?? line, PARTITIONS), line).toBe(Number(partition))
      expect(new Date(Number(time)).getUTCFullYear()).toBe(2025)
    }
  })

  test("Java's client and Avro decode them, with Kafka's own partition of the key and the event time", async ({
    skip,
  }) => {
    const { brokers, registry } = sharedStack().connection
    const program = join(foreign, 'ReadTransactions.java')
    expectOurs(parse(await runJava(skip, program, [brokers.join(','), topic, String(written), registry])))
  })

  test("Python's confluent-kafka decodes them through the registry", { timeout: 660_000 }, async ({ skip }) => {
    const { brokers, registry } = sharedStack().connection
    const script = join(foreign, 'read_transactions.py')
    expectOurs(parse(await runPython(skip, script, [brokers.join(','), topic, String(written), registry])))
  })

  test("the documents' Java program decodes features as this one does", async ({ skip }) => {
    const { brokers, registry } = sharedStack().connection
    const list = join(repository, 'services/scorer/features.json')
    const args = [brokers.join(','), registry, `${topicPrefix}features`, String(written), list]
    await expectOurFeatures(parse(await runJava(skip, join(decode, 'DecodeFeatures.java'), args)))
  })

  test("the documents' Python program decodes features as this one does", { timeout: 660_000 }, async ({ skip }) => {
    const { brokers, registry } = sharedStack().connection
    const args = [brokers.join(','), registry, `${topicPrefix}features`, String(written)]
    await expectOurFeatures(parse(await runPython(skip, join(decode, 'decode_features.py'), args)))
  })
})
