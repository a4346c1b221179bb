import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Connection } from '../connection.ts'
import { connectionGiven, type Environment, readConnection } from '../service/connection.ts'
import type { Scenario } from '../service/scenario.ts'
import { SettingsError } from '../service/settings-error.ts'
import { type GlobalOptions, scenarioOf } from './options.ts'
import { savedScenario } from './start/run-folder.ts'

/** Where the local stack of a data folder is, as long as the process that started it runs. */
interface Notice {
  readonly pid: number
  readonly brokers: readonly string[]
  readonly registry: string
}

const noticeFile = (dataDir: string): string => join(dataDir, 'connection.json')

/** Tells other commands where the local stack is, whose ports are others each time. */
export function announce(dataDir: string, { brokers, registry }: Connection): void {
  mkdirSync(dataDir, { recursive: true })
  const notice: Notice = { pid: process.pid, brokers, registry }
  writeFileSync(noticeFile(dataDir), JSON.stringify(notice))
}

export function withdraw(dataDir: string): void {
  rmSync(noticeFile(dataDir), { force: true })
}

/** The connection given by flags or environment, else that of the local stack that runs. Throws SettingsError. */
export function connectionFor(options: GlobalOptions, environment: Environment): Connection {
  if (connectionGiven(options, environment)) return readConnection(options, environment)
  const notice = noticed(options.dataDir)
  if (notice !== undefined) return { brokers: notice.brokers, registry: notice.registry }
  throw new SettingsError('the connection', [
    `no Kafka is named, and none of ours runs on ${options.dataDir}: give --brokers and --registry, or \`npm start\` first`,
  ])
}

/** Whether somebody's local stack runs on a data folder. */
export const isRunning = (dataDir: string): boolean => noticed(dataDir) !== undefined

/** The scenario that the options name, else that of the local stack that runs, else the default. Throws SettingsError. */
export function scenarioFor(options: GlobalOptions): Scenario {
  const running = noticed(options.dataDir) === undefined ? undefined : savedScenario(options.dataDir)
  return scenarioOf(running === undefined ? options : { scenario: running, ...options })
}

function noticed(dataDir: string): Notice | undefined {
  const file = noticeFile(dataDir)
  if (!existsSync(file)) return undefined
  const notice = JSON.parse(readFileSync(file, 'utf8')) as Notice
  try {
    process.kill(notice.pid, 0)
    return notice
  } catch {
    return undefined
  }
}
