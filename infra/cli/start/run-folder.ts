import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ServiceName } from '../../service/run-service.ts'
import { parseScenario, type Scenario } from '../../service/scenario.ts'
import { SettingsError } from '../../service/settings-error.ts'
import { serviceNames } from './services.ts'
import { worldDifferences } from './world.ts'

const SCENARIO = 'scenario.yaml'

/** Where a run keeps the scenario in force and the services' logs. */
export interface RunFolder {
  readonly scenarioFile: string
  readonly logFolder: string
  readonly log: (service: ServiceName, line: string) => void
}

/** Writes the scenario for the services, and opens their logs. */
export function prepareFolder(dataDir: string, scenario: Scenario): RunFolder {
  const logFolder = join(dataDir, 'logs')
  mkdirSync(logFolder, { recursive: true })
  const scenarioFile = join(dataDir, SCENARIO)
  writeFileSync(scenarioFile, scenario.text)
  const logs = new Map(serviceNames.map((name) => [name, createWriteStream(join(logFolder, `${name}.log`))]))
  return { scenarioFile, logFolder, log: (service, line) => logs.get(service)?.write(`${line}\n`) }
}

/** The file of the scenario that made a folder's data; undefined for an empty one. */
export function savedScenario(dataDir: string): string | undefined {
  const file = join(dataDir, SCENARIO)
  return existsSync(file) ? file : undefined
}

/**
 * The local stack's data stay between runs, and can only be gone on with in the same world: throws a SettingsError
 * that names what is different.
 */
export function checkWorld(dataDir: string, { settings }: Scenario): void {
  const scenarioFile = savedScenario(dataDir)
  if (scenarioFile === undefined) return
  const before = parseScenario(readFileSync(scenarioFile, 'utf8'), scenarioFile, []).settings
  if (before.topicPrefix !== settings.topicPrefix) return
  const differences = worldDifferences(before, settings)
  if (differences.length === 0) return
  throw new SettingsError(
    'the settings',
    differences,
    `Begin anew with \`npm run rupeestream -- reset --data-dir ${dataDir}\`, or keep both with another --data-dir.`,
  )
}

/** Once the data are gone, any world may begin. */
export function forgetWorld(dataDir: string): void {
  rmSync(join(dataDir, SCENARIO), { force: true })
}
