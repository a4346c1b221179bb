import { readdirSync, realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { runCommand } from './run-command.ts'

/** Apicurio Registry 3.3 is compiled for this version. */
export const MIN_JAVA_VERSION = 21

export interface Java {
  /** The java command. */
  readonly path: string
  /** Feature version, such as 25. */
  readonly version: number
}

/** The feature version in what `java -version` prints: `"1.8.0_402"` is 8, `"25.0.1"` and `"25-ea"` are 25. */
export function parseJavaVersion(output: string): number | undefined {
  const match = /version "(?:1\.)?(\d+)[^"]*"/.exec(output)
  return match === null ? undefined : Number(match[1])
}

/** The newest of those that are new enough; among equals the first. */
export function chooseJava(found: readonly Java[]): Java | undefined {
  return found
    .filter(({ version }) => version >= MIN_JAVA_VERSION)
    .reduce<Java | undefined>(
      (best, java) => (best === undefined || java.version > best.version ? java : best),
      undefined,
    )
}

/** Looks in JAVA_HOME, on the PATH and where JDKs are usually put; undefined when none is new enough. */
export async function findJava(environment: NodeJS.ProcessEnv = process.env): Promise<Java | undefined> {
  const found = await Promise.all(candidates(environment).map(probe))
  return chooseJava(found.filter((java) => java !== undefined))
}

async function probe(path: string): Promise<Java | undefined> {
  const { output } = await runCommand(path, ['-version'], { timeoutMs: 10_000 })
  const version = parseJavaVersion(output)
  return version === undefined ? undefined : { path, version }
}

function candidates(environment: NodeJS.ProcessEnv): string[] {
  const home = environment.HOME ?? homedir()
  const homes = [
    environment.JAVA_HOME,
    ...entries('/usr/lib/jvm'),
    ...entries('/opt/java'),
    ...entries('/Library/Java/JavaVirtualMachines').map((folder) => join(folder, 'Contents/Home')),
    ...entries('/opt/homebrew/opt').filter((folder) => folder.includes('openjdk')),
    ...entries(join(home, '.sdkman/candidates/java')),
    ...entries(join(home, '.jdks')),
  ]
  const folders = [
    ...homes.filter((folder) => folder).map((folder) => join(folder as string, 'bin')),
    ...(environment.PATH ?? '').split(delimiter).filter((folder) => folder !== ''),
  ]
  // Links to one JDK under several names are common; each real file is asked once.
  return [...new Set(folders.map((folder) => realFile(join(folder, 'java'))).filter((path) => path !== undefined))]
}

function realFile(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch {
    return undefined
  }
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name))
  } catch {
    return []
  }
}
