import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { freePorts } from './ports.ts'
import { createServer, type Server, type ServerEvents } from './server.ts'

const READY_LIMIT_MS = 120_000
const STOP_LIMIT_MS = 15_000
const REQUEST_LIMIT_MS = 2_000

export interface RegistryOptions extends ServerEvents {
  /** The java command. */
  readonly java: string
  /** The folder of quarkus-run.jar. */
  readonly programFolder: string
  readonly folder: string
  readonly logFolder: string
}

export interface RegistryServer extends Server {
  /** Base of Confluent's API. */
  readonly url: string
}

/** Starts Apicurio Registry on a free loopback port, its schemas in a database file. */
export async function startRegistry(options: RegistryOptions): Promise<RegistryServer> {
  mkdirSync(options.folder, { recursive: true })
  const [port, managementPort] = (await freePorts(2)) as [number, number]
  const url = `http://127.0.0.1:${port}/apis/ccompat/v7`
  const server = createServer(
    {
      name: 'Apicurio Registry',
      command: options.java,
      args: [
        '-Xmx384m',
        '-XX:+UseSerialGC',
        // It answers a handful of requests: starting soon matters more than optimised code.
        '-XX:TieredStopAtLevel=1',
        ...systemProperties(join(options.folder, 'registry'), port, managementPort),
        '-jar',
        join(options.programFolder, 'quarkus-run.jar'),
      ],
      cwd: options.folder,
      logFile: join(options.logFolder, 'registry.log'),
      isReady: () => answers(`${url}/subjects`),
      readyTimeoutMs: READY_LIMIT_MS,
      stopTimeoutMs: STOP_LIMIT_MS,
      onSpawn: options.onSpawn,
    },
    options.onUnexpectedExit,
  )
  await server.start()
  return Object.assign(server, { url })
}

function systemProperties(database: string, port: number, managementPort: number): string[] {
  const properties = {
    'quarkus.http.host': '127.0.0.1',
    'quarkus.http.port': port,
    // Otherwise it listens on every interface.
    'quarkus.management.host': '127.0.0.1',
    'quarkus.management.port': managementPort,
    'quarkus.log.level': 'WARN',
    'quarkus.http.access-log.enabled': false,
    'apicurio.storage.kind': 'sql',
    'apicurio.storage.sql.kind': 'h2',
    // Without WRITE_DELAY=0 a crash loses schemas whose registration was acknowledged.
    'apicurio.datasource.url': `jdbc:h2:file:${database};WRITE_DELAY=0`,
    'apicurio.datasource.username': 'sa',
    'apicurio.datasource.password': 'sa',
  }
  return Object.entries(properties).map(([key, value]) => `-D${key}=${value}`)
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(REQUEST_LIMIT_MS) })
    await response.arrayBuffer()
    return response.ok
  } catch {
    return false
  }
}
