import type { Settings } from '#services/settings.ts'
import type { Connection } from '../connection.ts'
import { createLogger, type Logger } from '../observability/logger.ts'
import { readServiceArguments, type Shard, serviceUsage } from './arguments.ts'
import { exitCodes } from './exit-codes.ts'
import { createLifecycle, type Lifecycle } from './lifecycle.ts'
import { SettingsError } from './settings-error.ts'

export type ServiceName = 'producer' | 'fraud-injector' | 'scorer' | 'monitor'

/** What a service is given to work with. */
export interface ServiceContext extends Pick<Lifecycle, 'stopping' | 'onCommand' | 'reportStatus'> {
  readonly settings: Settings
  readonly connection: Connection
  readonly log: Logger
  /** For `serveEndpoint`. */
  readonly metricsPort: number
  readonly metricsHost: string
  /** For the monitor's page; undefined leaves it to the scenario. */
  readonly pagePort: number | undefined
  readonly pageHost: string | undefined
  readonly shard: Shard
  readonly holdLive: boolean
}

/**
 * The outermost function of each main.ts: arguments, log, signals, exit code. `body` works until `stopping` is
 * aborted or its work is done, commits what it has, and returns.
 */
export async function runService(name: ServiceName, body: (context: ServiceContext) => Promise<void>): Promise<void> {
  const given = readOrLeave(name)
  const log = createLogger({ service: name, level: process.env.RUPEESTREAM_LOG_LEVEL })
  const lifecycle = createLifecycle(log)
  const { scenario, ...others } = given
  try {
    await body({ ...lifecycle, settings: scenario.settings, ...others, log })
    lifecycle.finish()
  } catch (error) {
    lifecycle.fail(error)
  }
}

function readOrLeave(name: ServiceName) {
  try {
    const given = readServiceArguments(process.argv.slice(2), process.env)
    if (given !== 'help') return given
    process.stdout.write(serviceUsage(name))
    process.exit(exitCodes.ok)
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    process.stderr.write(`${name}: ${error.message}\n`)
    process.exit(exitCodes.usage)
  }
}
