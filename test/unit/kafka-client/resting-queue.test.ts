import { EventEmitter } from 'node:events'
import { createRequire } from 'node:module'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { restingQueue } from '#infra/kafka/client/resting-queue.ts'

const require = createRequire(import.meta.url)
const own = require('kafkajs/src/network/requestQueue/index.js')
const resting = restingQueue<object>(own) as typeof own

const options = {
  instrumentationEmitter: new EventEmitter(),
  maxInFlightRequests: 1,
  requestTimeout: 30_000,
  enforceRequestTimeout: false,
  clientId: 'test',
  broker: 'broker',
  logger: { debug: () => undefined, warn: () => undefined },
  isConnected: () => true,
}

/** A queue, and the numbers of the requests that went out, in their order. */
function queueOf(Queue: typeof own) {
  const queue = new Queue(options)
  const sent: number[] = []
  const push = (correlationId: number): void =>
    queue.push({
      entry: { correlationId, resolve: () => undefined, reject: () => undefined },
      expectResponse: true,
      sendRequest: () => sent.push(correlationId),
    })
  const answer = (correlationId: number): void => queue.fulfillRequest({ correlationId, payload: {}, size: 0 })
  return { queue, sent, push, answer }
}

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

describe('requests of a connection', () => {
  test('once answered leave no timer, where kafkajs asks for one without end', () => {
    for (const [Queue, timers] of [
      [resting, 0],
      [own, 1],
    ]) {
      const { push, answer } = queueOf(Queue)
      push(1)
      answer(1)
      expect(vi.getTimerCount()).toBe(timers)
      vi.advanceTimersByTime(60_000)
      expect(vi.getTimerCount()).toBe(timers)
      vi.clearAllTimers()
    }
  })

  test('beyond those that may be under way wait for an answer, and keep their order', () => {
    const { push, answer, sent } = queueOf(resting)
    for (const id of [1, 2, 3]) push(id)
    expect(sent).toEqual([1])
    answer(1)
    expect(sent).toEqual([1, 2])
    answer(2)
    expect(sent).toEqual([1, 2, 3])
    answer(3)
    vi.advanceTimersByTime(1_000)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('that a broker wants later go when it wants them, pushed before or after', () => {
    const { queue, push, answer, sent } = queueOf(resting)
    push(1)
    push(2)
    queue.maybeThrottle(500)
    answer(1)
    vi.advanceTimersByTime(499)
    expect(sent).toEqual([1])
    vi.advanceTimersByTime(20)
    expect(sent).toEqual([1, 2])
    answer(2)
    queue.maybeThrottle(500)
    push(3)
    expect(sent).toEqual([1, 2])
    vi.advanceTimersByTime(520)
    expect(sent).toEqual([1, 2, 3])
  })
})
