import type { GlobalOptions, ScenarioOptions } from '../options.ts'

/** What the start command is given. */
export interface StartOptions extends GlobalOptions, Omit<ScenarioOptions, 'seed' | 'topicPrefix'> {
  /** Wall time of the live part, milliseconds. */
  readonly for?: number
  /** Simulated moment, UTC milliseconds. */
  readonly until?: number
  readonly transactions?: number
  readonly report?: string
  readonly json?: true
  /** First of four ports, one a service; 0 takes any free ones. */
  readonly metricsPort: number
}
