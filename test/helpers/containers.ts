import { join } from 'node:path'
import { DockerComposeEnvironment } from 'testcontainers'
import { freePorts } from '#infra/local/ports.ts'
import type { SharedStack } from './stack.ts'

const repository = join(import.meta.dirname, '../..')

/** The broker and the registry of docker-compose.yml, on ports of their own and without lasting data. */
export async function startContainers(): Promise<{ readonly stack: SharedStack; stop(): Promise<void> }> {
  const [kafkaPort, registryPort] = (await freePorts(2)) as [number, number]
  const environment = await new DockerComposeEnvironment(repository, 'docker-compose.yml')
    .withEnvironment({ KAFKA_PORT: String(kafkaPort), REGISTRY_PORT: String(registryPort) })
    .up(['kafka', 'registry'])
  return {
    stack: {
      connection: {
        brokers: [`127.0.0.1:${kafkaPort}`],
        registry: `http://127.0.0.1:${registryPort}/apis/ccompat/v7`,
      },
      java: undefined,
      kafkaClassPath: undefined,
    },
    stop: async () => {
      await environment.down({ removeVolumes: true })
    },
  }
}
