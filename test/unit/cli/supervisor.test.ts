import { expect, onTestFinished, test } from 'vitest'
import { Supervisor, type SupervisorOptions } from '#infra/cli/start/supervisor.ts'
import type { ServiceStatus } from '#infra/service/status.ts'
import { scorer } from './statuses.ts'

const say = `process.send(${JSON.stringify(scorer)})`
const wait = 'setInterval(() => {}, 1000)'

/** A supervisor of one node that runs `script`, and what it tells. */
function supervise(script: string) {
  const status = Promise.withResolvers<ServiceStatus>()
  const secondStatus = Promise.withResolvers<ServiceStatus>()
  const failure = Promise.withResolvers<string>()
  const restarts: string[] = []
  const options: SupervisorOptions = {
    services: [{ name: 'scorer', args: ['-e', script] }],
    environment: process.env,
    onStatus: (said) => (restarts.length === 0 ? status : secondStatus).resolve(said),
    onLine: () => {},
    onRestart: (_, why) => restarts.push(why),
    onFailure: failure.resolve,
  }
  const supervisor = new Supervisor(options)
  onTestFinished(() => supervisor.stop())
  supervisor.start()
  return { supervisor, restarts, status: status.promise, secondStatus: secondStatus.promise, failure: failure.promise }
}

test('a service that dies is started again', async () => {
  const { status, secondStatus, restarts, supervisor } = supervise(
    `${say}; process.on('message', () => process.exit(1)); ${wait}`,
  )
  expect(await status).toEqual(scorer)
  supervisor.send('scorer', { command: 'drain' })
  expect(await secondStatus).toEqual(scorer)
  expect(restarts).toEqual(['scorer ended with exit code 1'])
  expect(supervisor.restarts).toBe(1)
})

test('wrong settings are not tried again, and its last words are passed on', async () => {
  const { failure, restarts } = supervise(`console.error('the seed is missing'); process.exitCode = 2`)
  expect(await failure).toBe('scorer ended with exit code 2. Its last lines:\nthe seed is missing')
  expect(restarts).toEqual([])
})

test('stopping asks first, and restarts nothing', async () => {
  const { status, restarts, supervisor } = supervise(`process.on('SIGTERM', () => process.exit(0)); ${say}; ${wait}`)
  await status
  await supervisor.stop()
  expect(restarts).toEqual([])
})
