import { readFileSync } from 'node:fs'
import type { Connection, Sasl, Tls } from '../connection.ts'
import { SettingsError } from './settings-error.ts'

export interface ConnectionOptions {
  /** host:port, one or more with commas between. */
  readonly brokers?: string | undefined
  /** Base URL of the registry. */
  readonly registry?: string | undefined
}

export type Environment = Readonly<Record<string, string | undefined>>

const PREFIX = 'RUPEESTREAM_'

/** The environment variables of connections, by what they say. */
export const connectionVariables = {
  brokers: `${PREFIX}BROKERS`,
  registry: `${PREFIX}REGISTRY`,
  tls: `${PREFIX}TLS`,
  tlsCa: `${PREFIX}TLS_CA`,
  tlsCert: `${PREFIX}TLS_CERT`,
  tlsKey: `${PREFIX}TLS_KEY`,
  saslMechanism: `${PREFIX}SASL_MECHANISM`,
  saslUsername: `${PREFIX}SASL_USERNAME`,
  saslPassword: `${PREFIX}SASL_PASSWORD`,
  registryUsername: `${PREFIX}REGISTRY_USERNAME`,
  registryPassword: `${PREFIX}REGISTRY_PASSWORD`,
} as const

type Name = keyof typeof connectionVariables

/** A reader of what was set that collects what is wrong instead of stopping at the first. */
interface Reading {
  readonly get: (name: Name) => string | undefined
  readonly wrong: (name: Name, message: string) => undefined
  readonly mistakes: string[]
}

/** Whether a connection was given at all; without one the local stack is started. */
export const connectionGiven = (options: ConnectionOptions, environment: Environment): boolean =>
  [
    options.brokers,
    options.registry,
    environment[connectionVariables.brokers],
    environment[connectionVariables.registry],
  ].some((value) => value !== undefined && value !== '')

/**
 * Where Kafka and the registry are, from flags and, for what they leave out, the environment. Throws a SettingsError
 * with all mistakes at once. Passwords come from the environment only, and no message shows them.
 */
export function readConnection(options: ConnectionOptions, environment: Environment): Connection {
  const reading = read(options, environment)
  const brokers = readBrokers(reading)
  const registry = readRegistry(reading)
  const tls = readTls(reading)
  const sasl = readSasl(reading)
  const registryAuth = readPair(reading, 'registryUsername', 'registryPassword')
  if (brokers === undefined || registry === undefined || reading.mistakes.length > 0) {
    throw new SettingsError('the connection', reading.mistakes)
  }
  return {
    brokers,
    registry,
    ...(tls === undefined ? {} : { tls }),
    ...(sasl === undefined ? {} : { sasl }),
    ...(registryAuth === undefined ? {} : { registryAuth }),
  }
}

/** The environment for a child process that shall use this connection; certificates are left to what is set. */
export function connectionEnvironment(connection: Pick<Connection, 'brokers' | 'registry'>): Record<string, string> {
  return {
    [connectionVariables.brokers]: connection.brokers.join(','),
    [connectionVariables.registry]: connection.registry,
  }
}

/** An environment in which nothing says how to connect: the local stack needs neither TLS nor passwords. */
export function withoutConnection(environment: Environment): Environment {
  const names = new Set<string>(Object.values(connectionVariables))
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !names.has(name)))
}

function read(options: ConnectionOptions, environment: Environment): Reading {
  const mistakes: string[] = []
  const flags: Partial<Record<Name, string | undefined>> = options
  return {
    mistakes,
    get: (name) => flags[name] || environment[connectionVariables[name]] || undefined,
    wrong: (name, message) => {
      const from = flags[name] ? `--${name}` : connectionVariables[name]
      mistakes.push(`${from}: ${message}`)
      return undefined
    },
  }
}

function readBrokers({ get, wrong }: Reading): string[] | undefined {
  const text = get('brokers')
  if (text === undefined) return wrong('brokers', 'expected host:port (also as --brokers), came nothing')
  const brokers = text.split(',').map((broker) => broker.trim())
  const strange = brokers.filter((broker) => !isHostAndPort(broker))
  if (strange.length === 0) return brokers
  return wrong('brokers', `expected host:port, came ${strange.map(shown).join(', ')}`)
}

/** What stands before an @ might be a password. */
const shown = (text: string): string => (text.includes('@') ? 'something with an @' : JSON.stringify(text))

function isHostAndPort(text: string): boolean {
  const match = /^(?:[a-zA-Z0-9._-]+|\[[0-9a-fA-F:.]+\]):(\d{1,5})$/.exec(text)
  return match !== null && Number(match[1]) >= 1 && Number(match[1]) <= 65_535
}

function readRegistry({ get, wrong }: Reading): string | undefined {
  const text = get('registry')
  if (text === undefined) return wrong('registry', 'expected a URL (also as --registry), came nothing')
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    return wrong('registry', 'expected a URL such as http://127.0.0.1:8081/apis/ccompat/v7, came something else')
  }
  if (url.username !== '' || url.password !== '') {
    const { registryUsername, registryPassword } = connectionVariables
    return wrong('registry', `expected a URL without a password: set ${registryUsername} and ${registryPassword}`)
  }
  return text.replace(/\/+$/, '')
}

function readTls(reading: Reading): Tls | undefined {
  const { get, wrong } = reading
  const ca = readPem(reading, 'tlsCa')
  const cert = readPem(reading, 'tlsCert')
  const key = readPem(reading, 'tlsKey')
  const given = (['tlsCa', 'tlsCert', 'tlsKey'] as const).filter((name) => get(name) !== undefined)
  const wanted = get('tls')
  if (wanted !== undefined && wanted !== 'true' && wanted !== 'false') {
    return wrong('tls', `expected true or false, came ${JSON.stringify(wanted)}`)
  }
  if (wanted === 'false' && given[0] !== undefined) return wrong(given[0], `is set although ${PREFIX}TLS is false`)
  if ((get('tlsCert') === undefined) !== (get('tlsKey') === undefined)) {
    return wrong(get('tlsCert') === undefined ? 'tlsCert' : 'tlsKey', 'a certificate and its key go together')
  }
  if (wanted !== 'true' && given.length === 0) return undefined
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) }
}

function readPem({ get, wrong }: Reading, name: 'tlsCa' | 'tlsCert' | 'tlsKey'): string | undefined {
  const path = get(name)
  if (path === undefined) return undefined
  try {
    const text = readFileSync(path, 'utf8')
    return text.includes('-----BEGIN ') ? text : wrong(name, `expected a PEM file, came something else in ${path}`)
  } catch (error) {
    return wrong(name, `the file cannot be read: ${(error as Error).message}`)
  }
}

const mechanisms: readonly Sasl['mechanism'][] = ['plain', 'scram-sha-256', 'scram-sha-512']

function readSasl(reading: Reading): Sasl | undefined {
  const { get, wrong } = reading
  const text = get('saslMechanism')
  const login = readPair(reading, 'saslUsername', 'saslPassword')
  if (text === undefined) {
    if (get('saslUsername') === undefined && get('saslPassword') === undefined) return undefined
    return wrong('saslMechanism', `expected one of ${mechanisms.join(', ')}, came nothing`)
  }
  const mechanism = mechanisms.find((known) => known === text.toLowerCase())
  if (mechanism === undefined) {
    return wrong('saslMechanism', `expected one of ${mechanisms.join(', ')}, came ${JSON.stringify(text)}`)
  }
  if (login !== undefined) return { mechanism, ...login }
  if (get('saslUsername') === undefined && get('saslPassword') === undefined) {
    wrong('saslUsername', 'expected a user name, came nothing')
    wrong('saslPassword', 'expected a password, came nothing')
  }
  return undefined
}

function readPair(
  { get, wrong }: Reading,
  user: Name,
  secret: Name,
): { username: string; password: string } | undefined {
  const username = get(user)
  const password = get(secret)
  if (username !== undefined && password !== undefined) return { username, password }
  if (username !== undefined) return wrong(secret, `is needed beside ${connectionVariables[user]}, came nothing`)
  if (password !== undefined) return wrong(user, `is needed beside ${connectionVariables[secret]}, came nothing`)
  return undefined
}
