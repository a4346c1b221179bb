import { createHash, randomUUID } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { EnvironmentError } from './environment-error.ts'
import { runCommand } from './run-command.ts'

const pom = join(import.meta.dirname, 'pom.xml')

/** A slow line and 215 MB. */
const DOWNLOAD_LIMIT_MS = 30 * 60_000

/** Programs of the local stack, laid out on disk. */
export interface Programs {
  readonly folder: string
  /** What `java -cp` takes to run any class of Kafka. */
  readonly kafkaClassPath: string
  /** The folder of quarkus-run.jar. */
  readonly registryFolder: string
}

/** Where the programs of this version are kept between runs: in the user's cache folder, by a digest of the pom. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const base = environment.XDG_CACHE_HOME || join(environment.HOME ?? homedir(), '.cache')
  const version = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 12)
  return join(base, 'rupeestream', `stack-${version}`)
}

export const isCached = (folder: string = cacheFolder()): boolean => existsSync(folder)

/** Gets Kafka and the registry through Maven unless they are there already. Any number of processes may do so at once. */
export async function fetchPrograms(onProgress: (text: string) => void = () => {}): Promise<Programs> {
  const folder = cacheFolder()
  if (!isCached(folder)) await download(folder, onProgress)
  return {
    folder,
    kafkaClassPath: join(folder, 'kafka', '*'),
    registryFolder: join(folder, 'registry'),
  }
}

/** The folder gets its name last, in one step: it is either absent or complete. */
async function download(folder: string, onProgress: (text: string) => void): Promise<void> {
  onProgress('getting Kafka and the schema registry through Maven (once, about 215 MB)')
  const temporary = join(dirname(folder), `.fetch-${randomUUID()}`)
  mkdirSync(temporary, { recursive: true })
  try {
    // Maven writes beside the pom that it is given.
    copyFileSync(pom, join(temporary, 'pom.xml'))
    await runMaven(temporary)
    rmSync(join(temporary, 'target'), { recursive: true, force: true })
    publish(temporary, folder)
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}

async function runMaven(folder: string): Promise<void> {
  const args = ['-B', '-q', '-f', join(folder, 'pom.xml'), 'process-resources', `-Dlayout=${folder}`]
  const { code, output } = await runCommand('mvn', args, { timeoutMs: DOWNLOAD_LIMIT_MS, cwd: folder })
  if (code === 0) return
  if (/ENOENT/.test(output)) {
    throw new EnvironmentError(
      'Maven (mvn) is not on the PATH. It gets Kafka and the schema registry: install Maven 3.6 or newer.',
    )
  }
  const lines = output.split('\n').filter((line) => line.includes('[ERROR]'))
  throw new EnvironmentError(
    `Maven could not get Kafka and the schema registry:\n${lines.slice(0, 5).join('\n') || output}`,
  )
}

function publish(temporary: string, folder: string): void {
  try {
    renameSync(temporary, folder)
  } catch (error) {
    // Another process was faster; its folder is as good.
    if (!isCached(folder)) throw error
  }
}
