import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { EnvironmentError } from '#infra/local/environment-error.ts'
import { resetLocalStack, startLocalStack } from '#infra/local/stack.ts'

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rupeestream-stack-'))
  onTestFinished(() => {
    vi.unstubAllEnvs()
    rmSync(folder, { recursive: true, force: true })
  })
  return folder
}

test('a machine without Maven, cache and Docker gets one message that says what to install', async () => {
  const folder = temporaryFolder()
  vi.stubEnv('PATH', folder)
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'))
  const start = startLocalStack({ dataDir: join(folder, 'data') })
  await expect(start).rejects.toThrow(EnvironmentError)
  await expect(start).rejects.toThrow(/Install .*Maven 3\.6 or newer.*Docker.*--brokers and --registry/)
  expect(readdirSync(join(folder, 'data'))).toEqual([])
})

test('a path that Kafka or the registry would take apart is refused', async () => {
  await expect(startLocalStack({ dataDir: join(temporaryFolder(), 'a,b') })).rejects.toThrow('comma')
})

test('a reset of nothing does nothing', async () => {
  const folder = join(temporaryFolder(), 'never-made')
  await resetLocalStack(folder)
  expect(readdirSync(join(folder, '..'))).toEqual([])
})
