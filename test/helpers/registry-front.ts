import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Authority } from './authority.ts'

export interface RegistryFront {
  /** What stands in front of the registry, with the same path. */
  readonly url: string
  close(): Promise<void>
}

/** TLS and a login in front of a registry that has neither, as a gateway would put there. */
export async function registryFront(
  registry: string,
  { key, cert }: Authority,
  { username, password }: { readonly username: string; readonly password: string },
): Promise<RegistryFront> {
  const behind = new URL(registry)
  const login = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (incoming, outgoing) => {
    if (incoming.headers.authorization !== login) {
      outgoing.writeHead(401, { 'content-type': 'application/json' })
      outgoing.end('{"message":"who are you?"}')
      return
    }
    const { authorization: _, host: __, ...headers } = incoming.headers
    const { method = 'GET', url = '/' } = incoming
    const passed = request({ host: behind.hostname, port: behind.port, path: url, method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    passed.once('error', () => outgoing.destroy())
    incoming.pipe(passed)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}${behind.pathname}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
