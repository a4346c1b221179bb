import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { connectKafka } from '#infra/kafka/client.ts'
import { readConnection } from '#infra/service/connection.ts'
import { topicNames } from '#schemas/topics.ts'
import { Child, connectedTo, rupeestream } from '../helpers/child.ts'
import { silent } from '../helpers/deployed.ts'
import { type RegistryFront, registryFront } from '../helpers/registry-front.ts'
import { type SecuredBroker, startSecuredBroker } from '../helpers/secured-broker.ts'
import { describeOnStack, sharedStack, uniquePrefix } from '../helpers/stack.ts'
import { TopicToucher } from '../helpers/touch-topic.ts'
import { mayRead, mayWrite } from '../unit/security/expected.ts'

const folder = mkdtempSync(join(tmpdir(), 'rupeestream-sasl-'))
const services = ['monitor', 'scorer', 'fraud-injector', 'producer'] as const
const ADMIN = 'stream'
/** No other text in any output can be taken for these. */
const secretOf = (user: string): string => `nobody-may-read-this-${user}`
const registryLogin = { username: 'registry-user', password: secretOf('registry') }
const users = [ADMIN, ...services.map((service) => `rupeestream-${service}`)]
let broker: SecuredBroker | undefined
let front: RegistryFront | undefined

afterAll(async () => {
  await Child.endAll()
  await front?.close()
  await broker?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const login = (mechanism: string, user: string, secret = secretOf(user)): NodeJS.ProcessEnv => ({
  ...connectedTo({ brokers: [broker!.address], registry: sharedStack().connection.registry }),
  RUPEESTREAM_SASL_MECHANISM: mechanism,
  RUPEESTREAM_SASL_USERNAME: user,
  RUPEESTREAM_SASL_PASSWORD: secret,
})

/** The same within TLS, to the registry too, and everything logged that can be. */
const secured = (user: string, secret?: string): NodeJS.ProcessEnv => ({
  ...login('scram-sha-256', user, secret),
  ...connectedTo({ brokers: [broker!.tlsAddress], registry: front!.url }),
  ...Object.fromEntries(
    Object.entries(login('scram-sha-256', user, secret)).filter(([name]) => name.startsWith('RUPEESTREAM_SASL')),
  ),
  RUPEESTREAM_TLS_CA: broker!.authority.ca,
  RUPEESTREAM_REGISTRY_USERNAME: registryLogin.username,
  RUPEESTREAM_REGISTRY_PASSWORD: registryLogin.password,
  RUPEESTREAM_LOG_LEVEL: 'trace',
})

/** The administrator's, with the log of a person who looks. */
const quiet = (): NodeJS.ProcessEnv => ({ ...secured(ADMIN), RUPEESTREAM_LOG_LEVEL: undefined })

/** Plain, and as headers of HTTP and messages of SASL have them. */
const formsOf = (user: string, secret: string): string[] => {
  const base64 = (text: string): string => Buffer.from(text).toString('base64').replace(/=+$/, '')
  return [secret, base64(secret), base64(`${user}:${secret}`), base64(`\0${user}\0${secret}`)]
}
const planted = [
  ...users.flatMap((user) => formsOf(user, secretOf(user))),
  ...formsOf(registryLogin.username, registryLogin.password),
]
const tells = (lines: readonly string[]): string[] =>
  lines.filter((line) => planted.some((form) => line.includes(form)))
const wordsOf = ({ out, errors }: Child): string[] => [...out, ...errors]

describeOnStack('a broker that asks for a login', () => {
  const prefix = uniquePrefix()
  const scenarioFile = join(folder, 'scenario.yaml')
  const args = ['--scenario', scenarioFile]

  beforeAll(async () => {
    const { java, kafkaClassPath, connection } = sharedStack()
    if (java === undefined) return
    const scenario = {
      topicPrefix: prefix,
      population: { customers: 100 },
      clock: { history: '2d' },
      pace: { speed: 60 },
      runner: { lingerMs: 10, checkpointMs: 500 },
    }
    writeFileSync(scenarioFile, stringify(scenario))
    const passwords = Object.fromEntries(users.map((user) => [user, secretOf(user)]))
    broker = await startSecuredBroker({ java, kafkaClassPath: kafkaClassPath!, folder, users: passwords })
    front = await registryFront(connection.registry, broker.authority, registryLogin)
  })

  test('lets commands and services in by SCRAM and by PLAIN, and nobody with a wrong password', async ({ skip }) => {
    skip(broker === undefined, 'Docker runs the stack here')
    for (const mechanism of ['scram-sha-256', 'plain']) {
      const { code, errors } = await rupeestream(['topics', ...args], login(mechanism, ADMIN))
      expect(code, errors).toBe(0)
    }
    expect((await rupeestream(['schemas', ...args], login('plain', ADMIN))).code).toBe(0)
    for (const mechanism of ['scram-sha-256', 'plain']) {
      const wrong = 'guessed-and-not-to-be-shown'
      const refused = await rupeestream(['topics', ...args], login(mechanism, ADMIN, wrong))
      expect(refused.code).toBe(1)
      expect(refused.errors).toMatch(/authentication/i)
      expect(refused.errors.split('\n')).toHaveLength(1)
      const service = new Child('services/scorer/main.ts', args, login(mechanism, ADMIN, wrong))
      expect(await service.ended).toEqual({ code: 1, signal: null })
      expect(service.errors).toHaveLength(1)
      expect(service.errors[0]).toMatch(/authentication/i)
      expect([...refused.child.errors, ...service.errors].join('\n')).not.toContain(wrong)
    }
  })

  test('within TLS, with a login at the registry, each service works as its own user, and no output has a password', async ({
    skip,
  }) => {
    skip(broker === undefined, 'Docker runs the stack here')
    const acls = await rupeestream(['acls', '--create', ...args], secured(ADMIN))
    expect(acls.code, acls.errors).toBe(0)
    // It is tried for half a minute, so it is begun first.
    const { RUPEESTREAM_TLS_CA: _, ...trusting } = quiet()
    const stranger = rupeestream(['topics', '--check', ...args], { ...trusting, RUPEESTREAM_TLS: 'true' })
    const children = new Map(
      services.map((name) => [name, new Child(`services/${name}/main.ts`, args, secured(`rupeestream-${name}`))]),
    )
    const monitor = children.get('monitor')!
    await monitor.until('judged, scored and alerted', () => {
      for (const child of children.values()) if (!child.isAlive) throw new Error(child.errors.slice(-5).join('\n'))
      const { status } = monitor
      return (
        status?.service === 'monitor' && status.judged > 300 && status.scored > 300 && status.latestAlerts.length > 0
      )
    })
    for (const name of services.toReversed()) {
      const child = children.get(name)!
      child.signal('SIGTERM')
      expect(await child.ended, name).toEqual({ code: 0, signal: null })
    }
    const told = [acls.child, ...children.values()].map(wordsOf)
    // How much depends on how soon the first alert came.
    for (const lines of told) expect(lines.length).toBeGreaterThan(3)
    const outputs = told.flat()
    expect(tells(outputs)).toEqual([])
    expect(tells([`a line with ${secretOf(ADMIN)}`, 'one without'])).toHaveLength(1)
    expect(outputs.filter((line) => line.includes('AUTHORIZATION_FAILED'))).toEqual([])
    const { code, errors } = await stranger
    expect(code).toBe(1)
    expect(errors).toMatch(/^Connection error: .*certificate/i)
    expect(errors.split('\n')).toHaveLength(1)
  })

  test.for(services)('refuses %s every record that is not its own, to read and to write', async (service, { skip }) => {
    skip(broker === undefined, 'Docker runs the stack here')
    const connection = readConnection({}, secured(`rupeestream-${service}`))
    const toucher = await TopicToucher.open(connectKafka(connection, 'test', silent))
    try {
      const readable: string[] = []
      const writable: string[] = []
      for (const topic of topicNames) {
        if ((await toucher.read(prefix + topic)) === 'allowed') readable.push(topic)
        if ((await toucher.write(prefix + topic)) === 'allowed') writable.push(topic)
      }
      expect(readable.sort()).toEqual([...mayRead[service]].sort())
      expect(writable.sort()).toEqual([...mayWrite[service]].sort())
    } finally {
      await toucher.close()
    }
  })

  test('a service as another user says in one line what it is refused, and ends', async ({ skip }) => {
    skip(broker === undefined, 'Docker runs the stack here')
    const child = new Child('services/scorer/main.ts', args, {
      ...secured('rupeestream-monitor'),
      RUPEESTREAM_LOG_LEVEL: 'fatal',
    })
    expect(await child.ended).toEqual({ code: 1, signal: null })
    expect(child.errors).toHaveLength(1)
    expect(child.errors[0]).toMatch(/AUTHORIZATION_FAILED.*rupeestream acls/)
    expect(tells(wordsOf(child))).toEqual([])
  })

  test('who has no login at the registry is told so in one line', async ({ skip }) => {
    skip(broker === undefined, 'Docker runs the stack here')
    const wrong = { ...quiet(), RUPEESTREAM_REGISTRY_PASSWORD: 'guessed' }
    const unknown = await rupeestream(['schemas', '--check', ...args], wrong)
    expect(unknown.code).toBe(1)
    expect(unknown.errors).toMatch(/^the schema registry refused .*status 401, who are you\?$/)
    expect(unknown.errors).not.toContain('guessed')
  })
})
