import { createServer, type RequestListener } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import type { Connection } from '#infra/connection.ts'
import { freePorts } from '#infra/local/ports.ts'
import { fetchSchema } from '#infra/registry/fetch-schema.ts'

/** Answers on loopback with what the test wants, until the test is over. */
async function registryThat(answer: RequestListener): Promise<Connection> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
  })
  return { brokers: [], registry: `http://127.0.0.1:${(server.address() as { port: number }).port}/base/` }
}

test('a schema is asked for by its id, with the password if there is one', async () => {
  const connection = await registryThat((request, response) => {
    response.end(JSON.stringify({ schema: `${request.url} ${request.headers.authorization}` }))
  })
  const registryAuth = { username: 'reader', password: 'geheim' }
  expect(await fetchSchema({ ...connection, registryAuth }, 7)).toBe(`/base/schemas/ids/7 Basic cmVhZGVyOmdlaGVpbQ==`)
})

test('an unknown id is not asked for again', async () => {
  let asked = 0
  const connection = await registryThat((_, response) => {
    asked++
    response.writeHead(404).end('{"error_code":40403}')
  })
  await expect(fetchSchema(connection, 9)).rejects.toMatchObject({ code: 'UNKNOWN_ID', canRetry: false })
  expect(asked).toBe(1)
})

test('a registry that is broken for a moment is asked again', async () => {
  let asked = 0
  const connection = await registryThat((_, response) => {
    asked++
    if (asked < 3) response.writeHead(503).end()
    else response.end('{"schema":"text"}')
  })
  expect(await fetchSchema(connection, 1)).toBe('text')
})

test('a registry that is not there is told from an unknown id', async () => {
  const [port] = await freePorts(1)
  const connection = { brokers: [], registry: `http://127.0.0.1:${port}` }
  await expect(fetchSchema(connection, 1)).rejects.toMatchObject({ code: 'UNREACHABLE', canRetry: true })
})

test('a wrong password is no reason to go on asking', async () => {
  const connection = await registryThat((_, response) => {
    response.writeHead(401).end('{"message":"who are you"}')
  })
  await expect(fetchSchema(connection, 1)).rejects.toMatchObject({
    code: 'REFUSED',
    message: expect.stringContaining('who are you'),
  })
})
