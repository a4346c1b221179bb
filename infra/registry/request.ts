import { type ClientRequest, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { Agent, request as httpsRequest } from 'node:https'
import type { Connection } from '#infra/connection.ts'
import { RegistryError } from './registry-error.ts'

export const REQUEST_LIMIT_MS = 15_000

/** A schema and its surroundings are far smaller. */
const ANSWER_BYTES_MAX = 4 << 20

export interface Answer {
  readonly status: number
  /** The JSON that came; undefined when none came. */
  readonly body: unknown
}

/** An agent that trusts the connection's authority and shows its certificate; undefined without TLS settings. */
export function tlsAgent({ registry, tls }: Connection): Agent | undefined {
  return tls === undefined || !registry.startsWith('https:') ? undefined : new Agent(tls)
}

/**
 * Asks the registry once, within a time limit. Throws RegistryError: UNREACHABLE without an answer or on a status of
 * 500 and above, REFUSED on 401 and 403. Every other status is an answer.
 */
export async function ask(
  connection: Connection,
  method: 'GET' | 'PUT',
  path: string,
  body?: Readonly<Record<string, string>>,
): Promise<Answer> {
  const url = `${connection.registry.replace(/\/+$/, '')}${path}`
  const text = await exchange(url, connection, method, body).catch((error: Error) => {
    const reason = error.message || (error as NodeJS.ErrnoException).code
    throw new RegistryError('UNREACHABLE', `the schema registry at ${connection.registry} does not answer: ${reason}`, {
      cause: error,
    })
  })
  const answer = { status: text.status, body: parse(text.body) }
  if (answer.status >= 500) throw new RegistryError('UNREACHABLE', `${method} ${url} failed: ${describe(answer)}`)
  if (answer.status === 401 || answer.status === 403) {
    throw new RegistryError('REFUSED', `the schema registry refused ${method} ${url}: ${describe(answer)}`)
  }
  return answer
}

/** Status and, where there is one, the registry's own message. */
export function describe({ status, body }: Answer): string {
  const message = (body as { message?: unknown } | undefined)?.message
  return typeof message === 'string' ? `status ${status}, ${message}` : `status ${status}`
}

function exchange(
  url: string,
  connection: Connection,
  method: string,
  body: Readonly<Record<string, string>> | undefined,
): Promise<{ status: number; body: string }> {
  const agent = tlsAgent(connection)
  const options: RequestOptions = {
    method,
    headers: { 'content-type': 'application/vnd.schemaregistry.v1+json', ...authorization(connection) },
    signal: AbortSignal.timeout(REQUEST_LIMIT_MS),
    ...(agent === undefined ? {} : { agent }),
  }
  return new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? httpsRequest : httpRequest
    const outgoing: ClientRequest = send(url, options, (incoming) => {
      collect(incoming).then((text) => resolve({ status: incoming.statusCode ?? 0, body: text }), reject)
    })
    outgoing.once('error', reject)
    outgoing.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

async function collect(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > ANSWER_BYTES_MAX) throw new Error(`an answer of more than ${ANSWER_BYTES_MAX} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function authorization({ registryAuth }: Connection): Record<string, string> {
  if (registryAuth === undefined) return {}
  const { username, password } = registryAuth
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
