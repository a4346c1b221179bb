import { expect, test } from 'vitest'
import { explain } from '#infra/cli/run-command.ts'

const named = (name: string, message: string, cause?: unknown): Error =>
  Object.assign(new Error(message, { cause }), { name })

test('a broker that cannot be reached is told of in one line, although the client wraps its error', () => {
  const connection = named('KafkaJSConnectionError', 'Connection error: connect ECONNREFUSED 127.0.0.1:1')
  const wrapped = named('KafkaJSNonRetriableError', connection.message, connection)
  for (const error of [connection, wrapped]) expect(explain(error)).toEqual({ code: 1, message: connection.message })
})

test('an error that nobody has foreseen keeps its stack', () => {
  expect(explain(new TypeError('x is undefined')).message).toMatch(/TypeError: x is undefined\n +at /)
})
