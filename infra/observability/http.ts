import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { MetricsRegistry } from './registry.ts'

export interface EndpointOptions {
  readonly registry: MetricsRegistry
  /** Assigned, restored and caught up: work is being done, and on what is new. */
  readonly isReady: () => boolean
  /** 0 takes any free port. */
  readonly port?: number
  /** Who may ask: this machine only, unless said otherwise. */
  readonly host?: string
}

export interface Endpoint {
  /** Base URL. */
  readonly url: string
  readonly close: () => Promise<void>
}

const PLAIN = 'text/plain; charset=utf-8'

/** Serves /metrics for Prometheus, /healthz (the process is alive) and /readyz (200 when ready, else 503). */
export async function serveEndpoint(options: EndpointOptions): Promise<Endpoint> {
  const { port = 0, host = '127.0.0.1' } = options
  const server = createServer((request, response) => {
    answer(request, response, options).catch((error: unknown) => send(response, 500, PLAIN, `${String(error)}\n`))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const { port: bound } = server.address() as AddressInfo
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { registry, isReady }: EndpointOptions,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return send(response, 405, PLAIN, 'GET only\n')
  switch (request.url?.split('?')[0]) {
    case '/metrics':
      return send(response, 200, registry.contentType, await registry.metrics())
    case '/healthz':
      return send(response, 200, PLAIN, 'alive\n')
    case '/readyz':
      return isReady() ? send(response, 200, PLAIN, 'ready\n') : send(response, 503, PLAIN, 'not ready\n')
    default:
      return send(response, 404, PLAIN, 'not found: /metrics, /healthz and /readyz are\n')
  }
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) })
  response.end(body)
}
