import type { GlobalOptions, ScenarioOptions } from '../options.ts'

/** What `start` and `load` are given. */
export interface StartOptions extends GlobalOptions, Omit<ScenarioOptions, 'seed' | 'topicPrefix'> {
  /** Wall time of the live part, milliseconds. */
  readonly for?: number
  /** Simulated moment, UTC milliseconds. */
  readonly until?: number
  readonly transactions?: number
  readonly report?: string
  readonly threshold?: readonly string[]
  readonly json?: true
  /** False: the live page can only be looked at. */
  readonly control?: boolean
  /** First of the ports, one a service; 0 takes any free ones. */
  readonly metricsPort: number
}
