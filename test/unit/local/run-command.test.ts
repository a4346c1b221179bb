import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { runCommand } from '#infra/local/run-command.ts'

test('a command that is ended before its time hears SIGTERM, so that it can leave in order', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rupeestream-run-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const running = join(folder, 'running')
  const ending = new AbortController()
  const script = `trap 'echo leaving; kill $!; exit 7' TERM; sleep 60 & touch ${running}; wait`
  const ended = runCommand('sh', ['-c', script], { timeoutMs: 60_000, signal: ending.signal })
  await expect.poll(() => existsSync(running), { timeout: 50_000 }).toBe(true)
  ending.abort()
  expect(await ended).toEqual({ code: 7, output: 'leaving\n' })
})

test('one that is ended before it begins does not go on', async () => {
  const { code } = await runCommand('sleep', ['60'], { timeoutMs: 50_000, signal: AbortSignal.abort() })
  expect(code).toBeNull()
})
