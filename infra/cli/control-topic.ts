import type { ControlTopic } from '../control/control-topic.ts'
import { type ExitCode, exitCodes } from '../service/exit-codes.ts'
import type { GlobalOptions } from './options.ts'
import { connectionFor, scenarioFor } from './running-stack.ts'
import { readNewest, writeNewest } from './topic-access.ts'

/** Gives a command to the run that the options name, and says what it was. Throws SettingsError. */
export async function give(
  options: GlobalOptions,
  command: (topic: ControlTopic) => Promise<string>,
): Promise<ExitCode> {
  process.stdout.write(`${await command(controlTopicFor(options))}\n`)
  return exitCodes.ok
}

function controlTopicFor(options: GlobalOptions): ControlTopic {
  const { settings } = scenarioFor(options)
  // Only once there is something to ask or to tell: a mistake in a command is named without any connection.
  const connection = () => connectionFor(options, process.env)
  return {
    settings,
    newest: () => readNewest(connection(), settings, 'control'),
    write: (records) => writeNewest(connection(), settings, 'control', records),
  }
}
