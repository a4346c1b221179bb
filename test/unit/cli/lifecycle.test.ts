import { EventEmitter } from 'node:events'
import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import { createLifecycle } from '#infra/service/lifecycle.ts'
import { scorer } from './statuses.ts'

class StandIn extends EventEmitter {
  readonly exits: number[] = []
  readonly sent: unknown[] = []
  exit(code: number): void {
    this.exits.push(code)
  }
  send(message: unknown, callback: (error: Error | null) => void): void {
    this.sent.push(message)
    callback(null)
  }
}

function begin() {
  const host = new StandIn()
  return { host, lifecycle: createLifecycle(pino({ level: 'silent' }), host) }
}

describe('a service', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('drains at the first %s and leaves with %i at the second', (signal, code) => {
    const { host, lifecycle } = begin()
    host.emit(signal)
    expect(lifecycle.stopping.aborted).toBe(true)
    expect(host.exits).toEqual([])
    host.emit(signal)
    expect(host.exits).toEqual([code])
  })

  test('drains when the process that started it is gone', () => {
    const { host, lifecycle } = begin()
    host.emit('disconnect')
    expect(lifecycle.stopping.aborted).toBe(true)
    expect(host.exits).toEqual([])
  })

  test.each(['uncaughtException', 'unhandledRejection'])('leaves with 1 at %s', (event) => {
    const { host } = begin()
    host.emit(event, new Error('nobody handles this'))
    expect(host.exits).toEqual([1])
  })

  test('says its last status before it leaves with 0', () => {
    const { host, lifecycle } = begin()
    lifecycle.reportStatus(() => scorer, 3_600_000)
    lifecycle.finish()
    expect(host.sent).toEqual([scorer])
    expect(host.exits).toEqual([0])
  })

  test('hears commands and nothing else', () => {
    const { host, lifecycle } = begin()
    const heard: string[] = []
    lifecycle.onCommand(({ command }) => heard.push(command))
    for (const message of [{ command: 'live' }, null, 'drain', { command: 'explode' }, { command: 'drain' }]) {
      host.emit('message', message)
    }
    expect(heard).toEqual(['live', 'drain'])
  })
})
