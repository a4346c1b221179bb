import { isIP } from 'node:net'
import { parseArgs } from 'node:util'
import type { Connection } from '../connection.ts'
import { type Environment, readConnection } from './connection.ts'
import { loadScenario, type Override, type Scenario } from './scenario.ts'
import { SettingsError } from './settings-error.ts'

export interface ServiceArguments {
  readonly scenario: Scenario
  readonly connection: Connection
  /** Port of /metrics, /healthz and /readyz; 0 takes any free one. */
  readonly metricsPort: number
  /** Port of the monitor's page, in place of the scenario's; undefined leaves it to that. */
  readonly pagePort: number | undefined
  /** Address on which the page is served, in place of the scenario's; undefined leaves it to that. */
  readonly pageHost: string | undefined
  /** Address on which those are served: this machine only, unless a container or pod has to let others ask. */
  readonly metricsHost: string
  /** Which of the producer's processes this is. */
  readonly shard: Shard
  /** The producer waits, after history, for the word of the process that started it. */
  readonly holdLive: boolean
}

/** This process takes the partitions p with p % of === index. */
export interface Shard {
  readonly index: number
  readonly of: number
}

const options = {
  scenario: { type: 'string' },
  seed: { type: 'string' },
  'topic-prefix': { type: 'string' },
  brokers: { type: 'string' },
  registry: { type: 'string' },
  'metrics-port': { type: 'string' },
  'page-port': { type: 'string' },
  'page-host': { type: 'string' },
  'metrics-host': { type: 'string' },
  shard: { type: 'string' },
  'hold-live': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

export const serviceUsage = (name: string): string => `Usage: node services/${name}/main.ts [options]

Runs the ${name} alone, against a Kafka and a schema registry that are already there.

  --scenario FILE       settings as YAML (default: all defaults, see infra/scenarios/default.yaml)
  --seed TEXT           overrides the scenario's seed
  --topic-prefix TEXT   overrides the scenario's topicPrefix
  --brokers HOST:PORT   or RUPEESTREAM_BROKERS; several with commas between
  --registry URL        or RUPEESTREAM_REGISTRY; a registry with Confluent's API
  --metrics-port N      port of /metrics, /healthz and /readyz (default 0: any free one)
  --metrics-host HOST   IP address on which they are served (default 127.0.0.1; in a container 0.0.0.0)
  --page-port N         monitor only: port of the live page; overrides the scenario's monitor.page.port
  --page-host HOST      monitor only: IP address on which it is served; overrides monitor.page.host
  --shard I/N           producer only: this is process I (from 0) of N, each with its own partitions (default 0/1)
  --hold-live           producer only: after history, wait for the word of the process that started this one

TLS, SASL and passwords come from the environment: RUPEESTREAM_TLS, RUPEESTREAM_TLS_CA, RUPEESTREAM_TLS_CERT,
RUPEESTREAM_TLS_KEY, RUPEESTREAM_SASL_MECHANISM, RUPEESTREAM_SASL_USERNAME, RUPEESTREAM_SASL_PASSWORD,
RUPEESTREAM_REGISTRY_USERNAME, RUPEESTREAM_REGISTRY_PASSWORD. RUPEESTREAM_LOG_LEVEL sets the log's level.

Exit codes: 0 drained and committed, 1 failure, 2 wrong arguments or settings, 130 or 143 left at once.
`

/** Arguments of a service that is started alone; 'help' when that is asked for. Throws SettingsError. */
export function readServiceArguments(args: readonly string[], environment: Environment): ServiceArguments | 'help' {
  const values = parse(args)
  if (values.help) return 'help'
  const overrides: Override[] = []
  if (values.seed !== undefined) overrides.push({ path: ['seed'], value: values.seed, from: '--seed' })
  const prefix = values['topic-prefix']
  if (prefix !== undefined) overrides.push({ path: ['topicPrefix'], value: prefix, from: '--topic-prefix' })

  const mistakes: string[] = []
  const attempt = <T>(read: () => T): T | undefined => {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error
      mistakes.push(...error.mistakes)
      return undefined
    }
  }
  const scenario = attempt(() => loadScenario({ file: values.scenario, overrides }))
  if (scenario?.settings.clock.start === 'now') {
    mistakes.push('clock.start: expected a date or a moment, the same for all services of a run, came "now"')
  }
  const connection = attempt(() => readConnection(values, environment))
  const metricsPort = attempt(() => readPort('--metrics-port', values['metrics-port'] ?? '0'))
  const metricsHost = attempt(() => readHost('--metrics-host', values['metrics-host'] ?? '127.0.0.1'))
  const pageText = values['page-port']
  const pagePort = attempt(() => (pageText === undefined ? undefined : readPort('--page-port', pageText)))
  const hostText = values['page-host']
  const pageHost = attempt(() => (hostText === undefined ? undefined : readHost('--page-host', hostText)))
  const shard = attempt(() => readShard(values.shard ?? '0/1'))
  const isComplete = scenario && connection && metricsPort !== undefined && metricsHost && shard
  if (!isComplete || mistakes.length > 0) {
    throw new SettingsError('the settings', mistakes)
  }
  return {
    scenario,
    connection,
    metricsPort,
    metricsHost,
    pagePort,
    pageHost,
    shard,
    holdLive: values['hold-live'] ?? false,
  }
}

/** Throws SettingsError. */
function readShard(text: string): Shard {
  const [index, of] = /^(\d{1,4})\/(\d{1,4})$/.exec(text)?.slice(1).map(Number) ?? []
  if (index !== undefined && of !== undefined && index < of) return { index, of }
  throw new SettingsError('the arguments', [
    `--shard: expected I/N with I below N, such as 0/2, came ${JSON.stringify(text)}`,
  ])
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: false }).values
  } catch (error) {
    throw new SettingsError('the arguments', [(error as Error).message])
  }
}

/** Throws SettingsError. */
export function readPort(flag: string, text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new SettingsError('the arguments', [`${flag}: expected a number from 0 to 65535, came ${JSON.stringify(text)}`])
}

/** Throws SettingsError. */
function readHost(flag: string, text: string): string {
  if (isIP(text) !== 0) return text
  throw new SettingsError('the arguments', [
    `${flag}: expected an IP address such as 127.0.0.1 or 0.0.0.0, came ${JSON.stringify(text)}`,
  ])
}
