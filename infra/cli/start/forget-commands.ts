import type { Settings } from '#services/settings.ts'
import type { Connection } from '../../connection.ts'
import { readNewest, writeNewest } from '../topic-access.ts'

/** Takes back the commands of an earlier run on the same topics: a run begins as its scenario says. */
export async function forgetCommands(connection: Connection, settings: Settings): Promise<void> {
  const newest = await readNewest(connection, settings, 'control')
  const inForce = [...newest].filter(([, control]) => control !== null)
  if (inForce.length === 0) return
  await writeNewest(connection, settings, 'control', new Map(inForce.map(([key]) => [key, null])))
}
