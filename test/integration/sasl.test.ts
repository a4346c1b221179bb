import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { Child, connectedTo, rupeestream } from '../helpers/child.ts'
import { type SecuredBroker, startSecuredBroker } from '../helpers/secured-broker.ts'
import { describeOnStack, sharedStack, uniquePrefix } from '../helpers/stack.ts'

const folder = mkdtempSync(join(tmpdir(), 'rupeestream-sasl-'))
const username = 'stream'
const password = 'nobody-may-read-this'
let broker: SecuredBroker | undefined

afterAll(async () => {
  await Child.endAll()
  await broker?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const login = (mechanism: string, secret: string): NodeJS.ProcessEnv => ({
  ...connectedTo({ brokers: [broker!.address], registry: sharedStack().connection.registry }),
  RUPEESTREAM_SASL_MECHANISM: mechanism,
  RUPEESTREAM_SASL_USERNAME: username,
  RUPEESTREAM_SASL_PASSWORD: secret,
})

describeOnStack('a broker that asks for a login', () => {
  const prefix = uniquePrefix()

  test('lets commands and services in by SCRAM and by PLAIN, and nobody with a wrong password', async ({ skip }) => {
    const { java, kafkaClassPath } = sharedStack()
    skip(java === undefined, 'Docker runs the stack here')
    broker = await startSecuredBroker({ java: java!, kafkaClassPath: kafkaClassPath!, folder, username, password })

    for (const mechanism of ['scram-sha-256', 'plain']) {
      const command = ['topics', '--topic-prefix', prefix]
      const { code, errors } = await rupeestream(command, login(mechanism, password))
      expect(code, errors).toBe(0)
    }
    expect((await rupeestream(['schemas', '--topic-prefix', prefix], login('plain', password))).code).toBe(0)
    const args = ['--topic-prefix', prefix]
    const scorer = new Child('services/scorer/main.ts', args, login('scram-sha-256', password))
    await scorer.until('ready', () => scorer.status?.ready === true)
    scorer.signal('SIGTERM')
    expect(await scorer.ended).toEqual({ code: 0, signal: null })

    for (const mechanism of ['scram-sha-256', 'plain']) {
      const wrong = 'guessed-and-not-to-be-shown'
      const refused = await rupeestream(['topics', '--topic-prefix', prefix], login(mechanism, wrong))
      expect(refused.code).toBe(1)
      expect(refused.errors).toMatch(/authentication/i)
      expect(refused.errors).not.toContain('    at ')
      const service = new Child('services/scorer/main.ts', args, login(mechanism, wrong))
      expect(await service.ended).toEqual({ code: 1, signal: null })
      expect(service.errors.join('\n')).toMatch(/authentication/i)
      expect([...refused.child.errors, ...service.errors].join('\n')).not.toContain(wrong)
    }
  })
})
