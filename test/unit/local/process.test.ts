import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execPath as node } from 'node:process'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { type Launch, lastLines, launch } from '#infra/local/process.ts'
import { identify, isAlive, type ProcessIdentity } from '#infra/local/process-identity.ts'
import { createServer } from '#infra/local/server.ts'

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rupeestream-process-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A server made of a line of shell. */
function shell(script: string, options: Partial<Launch> = {}): Launch {
  const folder = temporaryFolder()
  return {
    name: 'Test server',
    command: 'sh',
    args: ['-c', script],
    cwd: folder,
    logFile: join(folder, 'logs/test.log'),
    isReady: async () => false,
    readyTimeoutMs: 20_000,
    stopTimeoutMs: 20_000,
    ...options,
  }
}

const ready = { isReady: async () => true }

test('a server that dies while it starts is reported at once, with its last words', async () => {
  await expect(launch(shell('echo no such disk >&2; exit 3'))).rejects.toThrow(
    /Test server ended while it started \(exit code 3\).*\nno such disk/s,
  )
})

test('a server that never gets ready is ended', async () => {
  let pid = 0
  const options = { readyTimeoutMs: 100, onSpawn: (spawned: number) => (pid = spawned) }
  await expect(launch(shell('exec sleep 60', options))).rejects.toThrow('was not ready after 0.1 s')
  expect(() => process.kill(pid, 0)).toThrow('ESRCH')
})

test('a command that does not exist is reported', async () => {
  await expect(launch(shell('', { command: '/no/such/command' }))).rejects.toThrow('ENOENT')
})

test('a server that ignores SIGTERM is killed', async () => {
  const options = shell("trap '' TERM; echo trapped; while :; do sleep 0.1; done", { stopTimeoutMs: 100 })
  const running = await launch({ ...options, isReady: async () => lastLines(options.logFile) === 'trapped' })
  await running.stop()
  expect(await running.exited).toBe('signal SIGKILL')
})

test('an end that somebody asked for is not unexpected', async () => {
  const unexpected: Error[] = []
  const server = createServer(shell('exec sleep 60', ready), (error) => unexpected.push(error))
  await server.start()
  await server.stop()
  await server.start()
  await server.kill()
  expect(server.pid).toBeUndefined()
  expect(unexpected).toEqual([])
})

test('an end that nobody asked for is', async () => {
  const error = await new Promise<Error>((resolve) => {
    const server = createServer(shell('exec sleep 60', ready), resolve)
    void server.start().then(() => process.kill(server.pid as number, 'SIGKILL'))
  })
  expect(error.message).toContain('Test server ended (signal SIGKILL)')
})

test('a server ends with the process that started it, even when that is killed', async () => {
  const folder = temporaryFolder()
  const starter = join(folder, 'starter.mts')
  const module = pathToFileURL(join(import.meta.dirname, '../../../infra/local/process.ts')).href
  const options = { ...shell('exec sleep 60'), isReady: null }
  writeFileSync(
    starter,
    `import { launch } from '${module}'
     const { pid } = await launch({ ...${JSON.stringify(options)}, isReady: async () => true })
     console.log(pid)`,
  )
  const child = spawn(node, [starter], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const server = identify(Number(line))
  expect(server).toBeDefined()
  child.kill('SIGKILL')
  await expect.poll(() => isAlive(server as ProcessIdentity), { timeout: 60_000 }).toBe(false)
})
