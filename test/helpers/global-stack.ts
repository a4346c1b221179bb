import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { composeAnswers } from '#infra/local/compose.ts'
import { startLocalStack } from '#infra/local/stack.ts'
import type { SharedStack, StackOrReason } from './stack.ts'

interface Running {
  readonly stack: SharedStack
  stop(): Promise<void>
}

interface Shared {
  running: Promise<Running>
  users: number
}

// Every project runs this file in a module graph of its own, in one process: the global object is what they share.
const key = Symbol.for('rupeestream.test.stack')
const place = globalThis as unknown as Record<symbol, Shared | undefined>

/** Starts one stack for the whole test run, and ends it with the last project that uses it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  place[key] ??= { running: start(), users: 0 }
  const shared = place[key]
  shared.users++
  project.provide('stack', await describeOutcome(shared.running))
  return async () => {
    shared.users--
    if (shared.users > 0) return
    place[key] = undefined
    await (await shared.running.catch(() => undefined))?.stop()
  }
}

async function describeOutcome(running: Promise<Running>): Promise<StackOrReason> {
  try {
    return (await running).stack
  } catch (error) {
    if (process.env.REQUIRE_BROKER === '1') throw error
    const missing = error instanceof Error ? error.message : String(error)
    process.stderr.write(`\nTESTS ON THE BROKER ARE SKIPPED. ${missing}\nREQUIRE_BROKER=1 makes this a failure.\n\n`)
    return { missing }
  }
}

async function start(): Promise<Running> {
  if (await composeAnswers()) return (await import('./containers.ts')).startContainers()
  const dataDir = mkdtempSync(join(tmpdir(), 'rupeestream-test-'))
  const remove = () => rmSync(dataDir, { recursive: true, force: true })
  try {
    const local = await startLocalStack({ dataDir, onProgress: (text) => process.stderr.write(`${text}\n`) })
    const { connection, java, kafkaClassPath } = local
    return {
      stack: { connection, java, kafkaClassPath },
      async stop() {
        await local.stop()
        remove()
      },
    }
  } catch (error) {
    remove()
    throw error
  }
}
