import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { connectionEnvironment, connectionGiven, readConnection, withoutConnection } from '#infra/service/connection.ts'
import { SettingsError } from '#infra/service/settings-error.ts'

const SECRET = 'hunter2-do-not-print'
const minimal = { RUPEESTREAM_BROKERS: 'a:9092, b:9093', RUPEESTREAM_REGISTRY: 'http://r:8081/apis/ccompat/v7/' }

function pemFile(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'connection-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'file.pem')
  writeFileSync(file, text)
  return file
}

function errorOf(environment: Record<string, string>, options = {}): SettingsError {
  try {
    readConnection(options, environment)
  } catch (error) {
    if (error instanceof SettingsError) return error
    throw error
  }
  throw new Error('nothing was found wrong')
}

describe('a connection', () => {
  test('is brokers and a registry at the least', () => {
    expect(readConnection({}, minimal)).toEqual({
      brokers: ['a:9092', 'b:9093'],
      registry: 'http://r:8081/apis/ccompat/v7',
    })
  })

  test('flags win over the environment', () => {
    expect(readConnection({ brokers: 'flag:1' }, minimal).brokers).toEqual(['flag:1'])
  })

  test('has TLS and passwords from the environment', () => {
    const ca = '-----BEGIN CERTIFICATE-----\n'
    const connection = readConnection(
      {},
      {
        ...minimal,
        RUPEESTREAM_TLS_CA: pemFile(ca),
        RUPEESTREAM_SASL_MECHANISM: 'SCRAM-SHA-512',
        RUPEESTREAM_SASL_USERNAME: 'user',
        RUPEESTREAM_SASL_PASSWORD: SECRET,
        RUPEESTREAM_REGISTRY_USERNAME: 'user',
        RUPEESTREAM_REGISTRY_PASSWORD: SECRET,
      },
    )
    expect(connection).toMatchObject({
      tls: { ca },
      sasl: { mechanism: 'scram-sha-512', username: 'user', password: SECRET },
      registryAuth: { username: 'user', password: SECRET },
    })
  })

  test('TLS without certificates trusts what the system trusts', () => {
    expect(readConnection({}, { ...minimal, RUPEESTREAM_TLS: 'true' }).tls).toEqual({})
    expect(readConnection({}, { ...minimal, RUPEESTREAM_TLS: 'false' }).tls).toBeUndefined()
  })

  test('is given or not; nothing of it is left for a local stack', () => {
    expect(connectionGiven({}, {})).toBe(false)
    expect(connectionGiven({}, { RUPEESTREAM_BROKERS: '' })).toBe(false)
    expect(connectionGiven({ registry: 'http://r' }, {})).toBe(true)
    expect(withoutConnection({ ...minimal, HOME: '/home' })).toEqual({ HOME: '/home' })
  })

  test('goes to child processes as it was', () => {
    const connection = readConnection({}, minimal)
    expect(readConnection({}, connectionEnvironment(connection))).toEqual(connection)
  })
})

describe('mistakes', () => {
  test('are told all at once', () => {
    const { mistakes } = errorOf({
      RUPEESTREAM_BROKERS: 'kafka,b:99999',
      RUPEESTREAM_REGISTRY: 'registry:8081',
      RUPEESTREAM_TLS: 'yes',
      RUPEESTREAM_SASL_MECHANISM: 'kerberos',
      RUPEESTREAM_REGISTRY_PASSWORD: SECRET,
    })
    expect(mistakes).toEqual([
      'RUPEESTREAM_BROKERS: expected host:port, came "kafka", "b:99999"',
      'RUPEESTREAM_REGISTRY: expected a URL such as http://127.0.0.1:8081/apis/ccompat/v7, came something else',
      'RUPEESTREAM_TLS: expected true or false, came "yes"',
      'RUPEESTREAM_SASL_MECHANISM: expected one of plain, scram-sha-256, scram-sha-512, came "kerberos"',
      'RUPEESTREAM_REGISTRY_USERNAME: is needed beside RUPEESTREAM_REGISTRY_PASSWORD, came nothing',
    ])
  })

  test('nothing at all', () => {
    expect(errorOf({}).mistakes).toEqual([
      'RUPEESTREAM_BROKERS: expected host:port (also as --brokers), came nothing',
      'RUPEESTREAM_REGISTRY: expected a URL (also as --registry), came nothing',
    ])
  })

  test('name the flag where a flag is wrong', () => {
    expect(errorOf(minimal, { brokers: 'nowhere' }).mistakes).toEqual(['--brokers: expected host:port, came "nowhere"'])
  })

  test('certificates that are no PEM, or have no key', () => {
    const { mistakes } = errorOf({ ...minimal, RUPEESTREAM_TLS_CERT: pemFile('no certificate') })
    expect(mistakes).toEqual([
      expect.stringMatching(/^RUPEESTREAM_TLS_CERT: expected a PEM file, came something else in /),
      'RUPEESTREAM_TLS_KEY: a certificate and its key go together',
    ])
  })

  test.each([
    { RUPEESTREAM_SASL_PASSWORD: SECRET },
    { RUPEESTREAM_SASL_MECHANISM: 'plain', RUPEESTREAM_SASL_PASSWORD: SECRET },
    { RUPEESTREAM_REGISTRY: `http://user:${SECRET}@registry:8081` },
    { RUPEESTREAM_BROKERS: `user:${SECRET}@kafka:9092` },
    { RUPEESTREAM_REGISTRY_PASSWORD: SECRET },
  ])('never show a password: %o', (environment) => {
    const { message, mistakes } = errorOf({ ...minimal, ...environment })
    expect(mistakes.length).toBeGreaterThan(0)
    expect(message).not.toContain(SECRET)
  })
})
