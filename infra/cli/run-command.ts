import { EnvironmentError } from '../local/environment-error.ts'
import { type ExitCode, exitCodes } from '../service/exit-codes.ts'
import { SettingsError } from '../service/settings-error.ts'

/** An expected failure whose message says all: no stack is shown. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
}

/** Names of errors whose messages are written for people. */
const explained = new Set([
  'CommandError',
  'ModelError',
  'ReplayError',
  'TopicError',
  'RegistryError',
  'ServerError',
  'KafkaJSConnectionError',
  'KafkaJSSASLAuthenticationError',
])

/** The exit code of an error, and what to print of it. */
export function explain(error: unknown): { readonly code: ExitCode; readonly message: string } {
  if (error instanceof SettingsError) return { code: exitCodes.usage, message: error.message }
  if (error instanceof EnvironmentError) return { code: exitCodes.environment, message: error.message }
  if (!(error instanceof Error)) return { code: exitCodes.failure, message: String(error) }
  if (explained.has(error.name)) return { code: exitCodes.failure, message: error.message }
  // kafkajs wraps what it has tried often enough.
  if (error.cause instanceof Error && explained.has(error.cause.name)) return explain(error.cause)
  return { code: exitCodes.failure, message: error.stack ?? error.message }
}

/** Runs a command to its exit code; an error becomes a message on stderr and the code that fits. */
export async function runCommand(work: () => Promise<ExitCode>): Promise<void> {
  try {
    process.exitCode = await work()
  } catch (error) {
    const { code, message } = explain(error)
    process.stderr.write(`${message}\n`)
    process.exitCode = code
  }
  await Promise.all([process.stdout, process.stderr].map(drained))
  // Clients of Kafka and of the registry keep sockets open; the work is done.
  process.exit()
}

/** Resolves when all that was written has left: a pipe whose reader is slow holds 64 kB, and the rest would be lost. */
const drained = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((resolve) => stream.write('', () => resolve()))
