import type { Control } from '#schemas/types.ts'
import type { Settings } from '#services/settings.ts'

/** The newest record of each key; null for one that was taken back. */
export type ControlRecords = ReadonlyMap<string, Control | null>

/** The topic `control`, as whoever gives commands needs it. */
export interface ControlTopic {
  /** Of the run that is commanded. */
  readonly settings: Settings
  newest(): Promise<ControlRecords>
  write(records: ControlRecords): Promise<void>
}
