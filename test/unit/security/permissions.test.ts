import { describe, expect, test } from 'vitest'
import { FatalError, fatalOf } from '#infra/kafka/fatal-error.ts'
import { aclCommands } from '#infra/security/commands.ts'
import { type Operation, permissionsOf, type Role, roles } from '#infra/security/permissions.ts'
import { topicNames, topics } from '#schemas/topics.ts'
import { defaultSettings, settingsSchema } from '#services/settings.ts'
import { mayRead, mayWrite } from './expected.ts'

const services = ['producer', 'fraud-injector', 'scorer', 'monitor'] as const

const topicsWith = (role: Role, operation: Operation): string[] =>
  permissionsOf(role, defaultSettings)
    .filter(({ resource, operations }) => resource === 'topic' && operations.includes(operation))
    .map(({ name }) => name)
    .sort()

describe('permissions', () => {
  test.each(services)('of the %s are to read and write what is its own, and to look at the other topics', (service) => {
    expect(topicsWith(service, 'Read')).toEqual([...mayRead[service]].sort())
    expect(topicsWith(service, 'Write')).toEqual([...mayWrite[service]].sort())
    expect(topicsWith(service, 'DescribeConfigs')).toEqual([...topicNames].sort())
    expect(topicsWith(service, 'Create')).toEqual([])
  })

  test('nobody may read the truth but the monitor and those who look on', () => {
    expect(roles.filter((role) => topicsWith(role, 'Read').includes('ground-truth'))).toEqual(['monitor', 'viewer'])
  })

  test('leave no topic that somebody writes without a reader or writer of its own', () => {
    const written = new Set(roles.flatMap((role) => topicsWith(role, 'Write')))
    expect([...written].sort()).toEqual([...topicNames].sort())
  })

  test('of people are to command, or to look at what is not internal', () => {
    expect(topicsWith('operator', 'Write')).toEqual(['control', 'rules'])
    expect(topicsWith('viewer', 'Read')).toEqual(topicNames.filter((name) => !topics[name].internal).sort())
    expect(topicsWith('viewer', 'Write')).toEqual([])
    expect(topicsWith('deploy', 'Create')).toEqual([...topicNames].sort())
  })

  test('name everything below the prefix of the topics', () => {
    const settings = settingsSchema.parse({ topicPrefix: 'rs.' })
    for (const role of roles)
      for (const { name } of permissionsOf(role, settings)) expect(name.startsWith('rs.'), name).toBe(true)
  })

  test("become calls of Kafka's own tool", () => {
    const lines = aclCommands("User:o'brien", permissionsOf('operator', defaultSettings))
    const start = 'kafka-acls.sh --bootstrap-server "$BROKERS" --command-config "$CONFIG" --add'
    const who = "--allow-principal 'User:o'\\''brien'"
    expect(lines[0]).toBe(`${start} ${who} --operation Read --operation Write --topic rules`)
    expect(lines).toContain(`${start} ${who} --operation Read --group rules-cli.side- --resource-pattern-type prefixed`)
  })
})

describe('what makes going on useless', () => {
  test('is a refusal, however deep, and no other error', () => {
    const refusal = Object.assign(new Error('Not authorized'), { type: 'GROUP_AUTHORIZATION_FAILED' })
    const wrapped = new Error('it crashed', { cause: new Error('no more tries', { cause: refusal }) })
    expect(fatalOf(wrapped)?.message).toMatch(/Not authorized \(GROUP_AUTHORIZATION_FAILED\).*rupeestream acls/)
    expect(fatalOf(Object.assign(new Error('gone'), { type: 'NOT_COORDINATOR_FOR_GROUP' }))).toBeUndefined()
    const fatal = new FatalError('gone')
    expect(fatalOf(fatal)).toBe(fatal)
  })
})
