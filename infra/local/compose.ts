import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Lock } from './lock.ts'
import { ServerError } from './process.ts'
import { runCommand } from './run-command.ts'
import type { Server } from './server.ts'
import type { LocalStack } from './stack.ts'

const ANSWER_LIMIT_MS = 10_000
/** Pulling the images may take this long. */
const UP_LIMIT_MS = 15 * 60_000

const composeFile = join(import.meta.dirname, '../../docker-compose.yml')
/** Tells `reset` that the data is in volumes. */
const marker = (dataDir: string): string => join(dataDir, 'compose')

/** Docker's engine and its compose plugin both answer. */
export async function composeAnswers(): Promise<boolean> {
  const limit = { timeoutMs: ANSWER_LIMIT_MS }
  const answers = await Promise.all([
    runCommand('docker', ['info'], limit),
    runCommand('docker', ['compose', 'version'], limit),
  ])
  return answers.every(({ code }) => code === 0)
}

/** Where docker-compose.yml publishes both, which KAFKA_PORT and REGISTRY_PORT change there as well. */
export const publishedAt = ({ KAFKA_PORT, REGISTRY_PORT }: NodeJS.ProcessEnv): LocalStack['connection'] => ({
  brokers: [`127.0.0.1:${KAFKA_PORT || 9092}`],
  registry: `http://127.0.0.1:${REGISTRY_PORT || 8081}/apis/ccompat/v7`,
})

/** The broker and the registry of docker-compose.yml, on the loopback ports that it publishes. */
export async function startComposeStack(
  dataDir: string,
  lock: Lock,
  onProgress: (text: string) => void = () => {},
): Promise<LocalStack> {
  onProgress('starting Kafka and the schema registry in Docker')
  await compose('up', '--detach', '--wait', 'kafka', 'registry')
  writeFileSync(marker(dataDir), '')
  return {
    connection: publishedAt(process.env),
    broker: composeServer('kafka'),
    registry: composeServer('registry'),
    java: undefined,
    kafkaClassPath: undefined,
    async stop() {
      await compose('stop')
      lock.release()
    },
  }
}

/** Removes containers and volumes, if this folder's stack ran in Docker. */
export async function removeComposeStack(dataDir: string): Promise<void> {
  if (!existsSync(marker(dataDir))) return
  await compose('down', '--volumes')
  rmSync(marker(dataDir))
}

function composeServer(name: string): Server {
  return {
    name,
    pid: undefined,
    start: () => compose('up', '--detach', '--wait', name),
    stop: () => compose('stop', name),
    kill: (signal = 'SIGKILL') => compose('kill', '--signal', signal, name),
  }
}

async function compose(...args: string[]): Promise<void> {
  const { code, output } = await runCommand('docker', ['compose', '--file', composeFile, ...args], {
    timeoutMs: UP_LIMIT_MS,
  })
  if (code !== 0) throw new ServerError(`docker compose ${args.join(' ')} failed:\n${output}`)
}
