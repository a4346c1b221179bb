import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { EnvironmentError } from '#infra/local/environment-error.ts'
import { lockFolder } from '#infra/local/lock.ts'
import { identify, isAlive } from '#infra/local/process-identity.ts'

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rupeestream-lock-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A process that had this very id, but began at another time. */
const dead = { pid: process.pid, started: 'long ago' }

test('a folder has one owner at a time', async () => {
  const folder = temporaryFolder()
  const lock = await lockFolder(folder)
  await expect(lockFolder(folder)).rejects.toThrow(EnvironmentError)
  lock.release()
  const next = await lockFolder(folder)
  next.release()
  expect(readdirSync(folder)).toEqual([])
})

test('the lock of a dead process does not hold, even when its id is in use again', async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'lock'), JSON.stringify({ owner: dead, servers: [dead] }))
  const lock = await lockFolder(folder)
  await expect(lockFolder(folder)).rejects.toThrow(`in use by process ${process.pid}`)
  lock.release()
})

test('of several that want the lock of a dead process, one gets it', async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'lock'), JSON.stringify({ owner: dead, servers: [] }))
  const attempts = await Promise.allSettled(Array.from({ length: 5 }, () => lockFolder(folder)))
  expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(readdirSync(folder)).toEqual(['lock'])
})

test('the lock names the servers that live', async () => {
  const folder = temporaryFolder()
  const lock = await lockFolder(folder)
  lock.remember(process.ppid)
  expect(JSON.parse(readFileSync(join(folder, 'lock'), 'utf8'))).toMatchObject({ servers: [{ pid: process.ppid }] })
})

test('a process is alive until its start differs', () => {
  const self = identify(process.pid)
  expect(self && isAlive(self)).toBe(true)
  expect(isAlive(dead)).toBe(false)
  expect(identify(2 ** 22 + 1)).toBeUndefined()
})
