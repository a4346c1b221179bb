import type { ConnectionOptions } from '../service/connection.ts'
import type { Override, Scenario } from '../service/scenario.ts'
import { loadScenario } from '../service/scenario.ts'
import type { RateShape } from './parse.ts'

/** What may be given before or after every command. */
export interface GlobalOptions extends ConnectionOptions {
  readonly scenario?: string
  readonly topicPrefix?: string
  readonly seed?: string
  readonly dataDir: string
}

/** Options that set something in the scenario. */
export interface ScenarioOptions {
  readonly seed?: string
  readonly topicPrefix?: string
  readonly speed?: number
  readonly rate?: number | RateShape
  readonly max?: true
  readonly customers?: number
  readonly history?: string
  readonly fraudRate?: number | string
}

/** Flags as overrides of a scenario; the schema judges their values as it judges the file's. */
export function overridesOf(options: ScenarioOptions): Override[] {
  const { seed, topicPrefix, speed, rate, max, customers, history, fraudRate } = options
  const given: Override[] = [
    { path: ['seed'], value: seed, from: '--seed' },
    { path: ['topicPrefix'], value: topicPrefix, from: '--topic-prefix' },
    { path: ['pace'], value: speed === undefined ? undefined : { speed }, from: '--speed' },
    { path: ['pace'], value: rate === undefined ? undefined : { rate }, from: '--rate' },
    { path: ['pace'], value: max && { max }, from: '--max' },
    { path: ['population', 'customers'], value: customers, from: '--customers' },
    { path: ['clock', 'history'], value: history, from: '--history' },
    { path: ['fraud', 'rate'], value: fraudRate, from: '--fraud-rate' },
  ]
  return given.filter(({ value }) => value !== undefined)
}

/** The scenario that the options name, with what they override; its `now` is this second. Throws SettingsError. */
export function scenarioOf(options: GlobalOptions & ScenarioOptions): Scenario {
  const overrides = overridesOf(options)
  const scenario = loadScenario({ file: options.scenario, overrides })
  if (scenario.settings.clock.start !== 'now') return scenario
  const now = `${new Date().toISOString().slice(0, 19)}Z`
  return loadScenario({
    file: options.scenario,
    overrides: [...overrides, { path: ['clock', 'start'], value: now, from: 'now' }],
  })
}
