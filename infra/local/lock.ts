import { randomUUID } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { EnvironmentError } from './environment-error.ts'
import { identify, isAlive, type ProcessIdentity } from './process-identity.ts'

const POLL_MS = 50
/** Servers of a run that was killed stop by themselves; this is how long they may take. */
const LEFTOVERS_LIMIT_MS = 30_000

/** What a lock file says. */
interface Holder {
  readonly owner: ProcessIdentity
  /** Servers that the owner started, which may outlive it for a moment. */
  readonly servers: readonly ProcessIdentity[]
}

export interface Lock {
  /** Remembers a server, so that the next run waits for its end if this process is killed. */
  remember(pid: number): void
  release(): void
}

/** Makes a data folder this process's own. Throws EnvironmentError when another living process has it. */
export async function lockFolder(folder: string): Promise<Lock> {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'lock')
  const owner = identify(process.pid)
  if (owner === undefined)
    throw new EnvironmentError('this system does not tell when a process began (no /proc, no ps)')
  const left = await takeOver(folder, file)
  const write = (servers: readonly ProcessIdentity[]): string => writeTemporary(folder, { owner, servers })
  claim(write(left), file, folder)
  // When this fails the lock stays: it still names the servers, and its owner is about to give up.
  await untilEnded(left, folder)
  let servers: readonly ProcessIdentity[] = []
  return {
    remember(pid) {
      const server = identify(pid)
      servers = [...servers.filter(isAlive), ...(server === undefined ? [] : [server])]
      renameSync(write(servers), file)
    },
    release: () => rmSync(file, { force: true }),
  }
}

/** Removes the lock of a dead process; answers with the servers that it may have left. */
async function takeOver(folder: string, file: string): Promise<readonly ProcessIdentity[]> {
  const holder = read(file)
  if (holder === undefined) return []
  if (isAlive(holder.owner)) throw inUse(folder, holder.owner.pid)
  // Renamed before it is removed: what was moved can be looked at, what was removed cannot.
  const aside = join(folder, `lock.${randomUUID()}`)
  try {
    renameSync(file, aside)
  } catch {
    throw inUse(folder)
  }
  const moved = read(aside)
  if (moved !== undefined && isAlive(moved.owner)) {
    renameSync(aside, file)
    throw inUse(folder, moved.owner.pid)
  }
  rmSync(aside)
  return holder.servers
}

/** A link appears at once with its content, and only where there is nothing yet. */
function claim(temporary: string, file: string, folder: string): void {
  try {
    linkSync(temporary, file)
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? inUse(folder, read(file)?.owner.pid) : error
  } finally {
    rmSync(temporary)
  }
}

function inUse(folder: string, pid?: number): EnvironmentError {
  const who = pid === undefined ? 'another process' : `process ${pid}`
  return new EnvironmentError(
    `${folder} is in use by ${who}. Stop that run first, or give this one another data folder.`,
  )
}

async function untilEnded(servers: readonly ProcessIdentity[], folder: string): Promise<void> {
  const deadline = performance.now() + LEFTOVERS_LIMIT_MS
  for (const server of servers) {
    while (isAlive(server)) {
      if (performance.now() > deadline) {
        throw new EnvironmentError(`process ${server.pid}, left by an earlier run, still uses ${folder}: end it first.`)
      }
      await delay(POLL_MS)
    }
  }
}

function writeTemporary(folder: string, holder: Holder): string {
  const temporary = join(folder, `lock.${randomUUID()}`)
  writeFileSync(temporary, JSON.stringify(holder))
  return temporary
}

function read(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder
  } catch {
    return undefined
  }
}
