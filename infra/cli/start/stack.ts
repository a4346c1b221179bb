import type { Connection } from '../../connection.ts'
import {
  type ConnectionOptions,
  connectionEnvironment,
  connectionGiven,
  type Environment,
  readConnection,
  withoutConnection,
} from '../../service/connection.ts'

import { announce, withdraw } from '../running-stack.ts'

/** A Kafka and a registry to run on, yours or one's own. */
export interface Stack {
  readonly connection: Connection
  readonly isLocal: boolean
  /** For the services. */
  readonly environment: Environment
  stop(): Promise<void>
}

export interface StackWishes extends ConnectionOptions {
  readonly dataDir: string
  readonly onProgress: (text: string) => void
  readonly onUnexpectedExit: (error: Error) => void
}

/** The stack that flags or environment name, else the local one, started. Throws SettingsError or EnvironmentError. */
export async function openStack(wishes: StackWishes, environment: Environment): Promise<Stack> {
  if (connectionGiven(wishes, environment)) {
    const connection = readConnection(wishes, environment)
    return {
      connection,
      isLocal: false,
      environment: { ...environment, ...connectionEnvironment(connection) },
      stop: async () => {},
    }
  }
  const { startLocalStack } = await import('../../local/stack.ts')
  const stack = await startLocalStack(wishes)
  announce(wishes.dataDir, stack.connection)
  return {
    connection: stack.connection,
    isLocal: true,
    environment: { ...withoutConnection(environment), ...connectionEnvironment(stack.connection) },
    async stop() {
      withdraw(wishes.dataDir)
      await stack.stop()
    },
  }
}
