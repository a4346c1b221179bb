import { accessSync, constants, existsSync } from 'node:fs'
import { freemem, totalmem } from 'node:os'
import { dirname, resolve } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { composeAnswers } from '../../local/compose.ts'
import { isCached } from '../../local/fetch.ts'
import { findJava, MIN_JAVA_VERSION } from '../../local/find-java.ts'
import { runCommand } from '../../local/run-command.ts'
import type { Finding } from './finding.ts'

/** The first Node that runs TypeScript without being asked to. */
const NODE_MIN = [22, 18] as const

/** Kafka, the registry and four services together, measured at 5,000 customers. */
const MEMORY_BYTES_MIN = 2.5e9

/** Looks at this machine; `needsStack` says whether a Kafka must be started on it. */
export async function checkMachine(dataDir: string, needsStack: boolean): Promise<Finding[]> {
  return [checkNode(process.versions.node), ...(await checkStackTools(needsStack)), checkFolder(dataDir), checkMemory()]
}

export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const isEnough = major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1])
  if (isEnough) return { state: 'ok', what: 'Node', found: version }
  const advice = 'run `npm ci`, which brings a Node of its own, and use `npm start` and `npm run rupeestream`'
  return { state: 'missing', what: 'Node', found: `${version}, ${NODE_MIN.join('.')} is needed`, advice }
}

async function checkStackTools(needsStack: boolean): Promise<Finding[]> {
  const [java, maven, docker] = await Promise.all([
    findJava(),
    runCommand('mvn', ['-v'], { timeoutMs: 20_000 }),
    composeAnswers(),
  ])
  const cached = isCached()
  const hasMaven = maven.code === 0
  const canStart = (java !== undefined && (hasMaven || cached)) || docker
  const state = canStart || !needsStack ? 'note' : 'missing'
  const findings: Finding[] = []
  if (java !== undefined) findings.push({ state: 'ok', what: 'JDK', found: `${java.version} at ${java.path}` })
  else {
    const advice = `install a JDK of version ${MIN_JAVA_VERSION} or newer (Temurin, or your system's openjdk package), or set JAVA_HOME`
    findings.push({ state, what: 'JDK', found: `none of version ${MIN_JAVA_VERSION} or newer`, advice })
  }
  if (hasMaven)
    findings.push({
      state: 'ok',
      what: 'Maven',
      found: stripVTControlCharacters(maven.output.split('\n')[0] ?? 'there'),
    })
  else if (cached) findings.push({ state: 'note', what: 'Maven', found: 'none; Kafka has been fetched already' })
  else findings.push({ state, what: 'Maven', found: 'none', advice: 'install Maven 3.6 or newer: it fetches Kafka' })
  findings.push(
    docker
      ? { state: 'ok', what: 'Docker compose', found: 'answers' }
      : { state: 'note', what: 'Docker compose', found: 'no answer; needed only where there is no JDK or no Maven' },
  )
  return findings
}

/** The nearest folder that exists must be one to write to. */
function checkFolder(dataDir: string): Finding {
  let folder = resolve(dataDir)
  while (!existsSync(folder)) folder = dirname(folder)
  try {
    accessSync(folder, constants.W_OK)
    return { state: 'ok', what: 'Data folder', found: resolve(dataDir) }
  } catch {
    const advice = 'take another one with --data-dir'
    return { state: 'missing', what: 'Data folder', found: `${folder} cannot be written to`, advice }
  }
}

function checkMemory(): Finding {
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`
  const found = `${gigabytes(freemem())} free of ${gigabytes(totalmem())}`
  if (totalmem() >= MEMORY_BYTES_MIN) return { state: 'ok', what: 'Memory', found }
  return { state: 'note', what: 'Memory', found, advice: `${gigabytes(MEMORY_BYTES_MIN)} are needed for all of it` }
}
