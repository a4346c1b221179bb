import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { SettingsError } from '../service/settings-error.ts'
import { loadAssets } from './assets.ts'
import { type ControlApi, commandNames } from './control-api.ts'
import { isKnownHost, isOwnOrigin } from './host-guard.ts'
import type { PageRun, PageState } from './page-state.ts'
import { RateLimit } from './rate-limit.ts'
import { bears } from './token.ts'
import { eventText, type Viewers } from './viewers.ts'

export interface PageServerOptions {
  readonly run: PageRun
  /** All that is kept. */
  readonly state: () => PageState
  readonly viewers: Viewers
  readonly control: Pick<ControlApi, 'give'>
  /** Of those who may give commands; null: nobody may. */
  readonly token: string | null
  /** Names, beside localhost and addresses, under which this server is known. */
  readonly names: readonly string[]
  readonly nowMs: () => number
}

/** Requests a second by a client that may be tried on the control API. */
const CONTROL_PER_SECOND = 10
const BODY_BYTES_MAX = 4_096

const headers: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/** The page, what it is told, and its buttons; nothing listens yet. Every refusal says why, as `mistakes`. */
export function pageServer(options: PageServerOptions): FastifyInstance {
  const { names } = options
  // Pages keep their connection open for as long as they are looked at: an end that waited for them would never come.
  const server = fastify({ forceCloseConnections: true, bodyLimit: BODY_BYTES_MAX, logger: false })
  // A form of another page's could send text without being asked whether it may: commands are JSON.
  server.removeContentTypeParser('text/plain')
  server.addHook('onRequest', async (request, reply) => {
    reply.headers(headers)
    const { host, origin } = request.headers
    if (!isKnownHost(host, names))
      return refuse(reply, 421, `Host: expected localhost, an address or a name of monitor.page.names, came ${host}`)
    if (!isOwnOrigin(origin, host!)) return refuse(reply, 403, `Origin: expected this page, came ${origin}`)
    return undefined
  })
  server.setNotFoundHandler((request, reply) => refuse(reply, 404, `nothing is at ${request.method} ${request.url}`))
  server.setErrorHandler((error: Error & { readonly statusCode?: number }, _, reply) =>
    error instanceof SettingsError
      ? refuse(reply, 400, ...error.mistakes)
      : refuse(reply, error.statusCode ?? 500, error.message),
  )
  serveAssets(server)
  serveState(server, options)
  serveControl(server, options)
  return server
}

const refuse = (reply: FastifyReply, status: number, ...mistakes: readonly string[]): FastifyReply =>
  reply.code(status).send({ mistakes })

function serveAssets(server: FastifyInstance): void {
  for (const [path, { type, body, etag }] of loadAssets()) {
    server.get(path, async (request, reply) => {
      reply.headers({ etag, 'cache-control': 'no-cache' })
      return request.headers['if-none-match'] === etag ? reply.code(304).send() : reply.type(type).send(body)
    })
  }
}

function serveState(server: FastifyInstance, { run, state, viewers }: PageServerOptions): void {
  server.get('/api/state', async (_, reply) => {
    reply.header('cache-control', 'no-store')
    return { run, state: state() }
  })
  server.get('/api/events', async (_, reply) => {
    if (viewers.isFull) {
      reply.header('retry-after', '10')
      return refuse(reply, 503, `${viewers.count} pages look on already, as many as may; try again later`)
    }
    reply.hijack()
    reply.raw.writeHead(200, { ...headers, 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    reply.raw.write(`retry: 1000\n\n${eventText('run', run)}${eventText('state', state())}`)
    viewers.add(reply.raw)
    return reply
  })
}

function serveControl(server: FastifyInstance, { control, token, nowMs }: PageServerOptions): void {
  const limit = new RateLimit(CONTROL_PER_SECOND)
  const admit = async (request: FastifyRequest, reply: FastifyReply) => {
    const waitMs = limit.take(request.ip, nowMs())
    if (waitMs > 0) {
      reply.header('retry-after', String(Math.ceil(waitMs / 1_000)))
      return refuse(reply, 429, `expected ${CONTROL_PER_SECOND} commands a second at the most`)
    }
    if (token === null) return refuse(reply, 403, 'this page was started without a token: it can be looked at only')
    if (!bears(request.headers.authorization, token)) {
      reply.header('www-authenticate', 'Bearer')
      return refuse(reply, 401, 'Authorization: expected Bearer and the token that the page’s address has')
    }
    return undefined
  }
  for (const name of commandNames) {
    server.post(`/api/control/${name}`, { onRequest: admit }, async (request) => ({
      done: await control.give(name, request.body ?? {}),
    }))
  }
  // What the page asks, to know whether its token is good, before it shows its buttons.
  server.post('/api/control', { onRequest: admit }, async () => ({ done: 'you may' }))
}
