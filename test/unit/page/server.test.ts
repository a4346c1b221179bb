import { once } from 'node:events'
import { connect } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { afterEach, describe, expect, test } from 'vitest'
import { isKnownHost } from '#infra/page/host-guard.ts'
import type { PageRun, PageState } from '#infra/page/page-state.ts'
import { pageServer } from '#infra/page/server.ts'
import { eventText, Viewers } from '#infra/page/viewers.ts'
import { SettingsError } from '#infra/service/settings-error.ts'

const TOKEN = 'a-token-that-nobody-guesses'
const HOST = '127.0.0.1:8080'

const run = { seed: 'test', hasControls: true } as PageRun
const state = { nowMs: 1 } as PageState

const servers: FastifyInstance[] = []
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())))

function serverWith({ token = TOKEN as string | null, viewersMax = 3, names = [] as string[] } = {}) {
  const given: [string, unknown][] = []
  const clock = { nowMs: 0 }
  const viewers = new Viewers(viewersMax, () => {})
  const control = {
    async give(name: string, wish: unknown) {
      if (name === 'rate') throw new SettingsError('the command', ['rate: expected more than 0', 'and another'])
      given.push([name, wish])
      return `did ${name}`
    },
  }
  const server = pageServer({
    run,
    state: () => state,
    viewers,
    control,
    token,
    names,
    nowMs: () => clock.nowMs,
  })
  servers.push(server)
  const get = (url: string, headers: Record<string, string> = {}) =>
    server.inject({ method: 'GET', url, headers: { host: HOST, ...headers } })
  const post = (url: string, headers: Record<string, string> = {}, payload: object = {}) =>
    server.inject({
      method: 'POST',
      url: `/api/control${url}`,
      headers: { host: HOST, authorization: `Bearer ${TOKEN}`, ...headers },
      payload,
    })
  return { server, viewers, given, clock, get, post }
}

describe('what is served', () => {
  test('is the page, its scripts without types and with paths for names, and nothing from elsewhere', async () => {
    const { get } = serverWith()
    const index = await get('/')
    expect(index.headers['content-type']).toBe('text/html; charset=utf-8')
    const paths = [...index.body.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path!)
    expect(paths).toContain('/main.ts')
    expect(index.body).not.toMatch(/https?:/)
    const seen = new Set<string>()
    const follow = async (path: string): Promise<void> => {
      if (seen.has(path)) return
      seen.add(path)
      const { statusCode, headers, body } = await get(path)
      expect([path, statusCode]).toEqual([path, 200])
      if (!path.endsWith('.ts')) return
      expect(headers['content-type']).toBe('text/javascript; charset=utf-8')
      expect(body).not.toMatch(/import type|readonly |: string/)
      for (const [, name] of body.matchAll(/from '([^']+)'/g)) {
        expect(name).toMatch(/^[./]/)
        await follow(new URL(name!, `http://page${path}`).pathname)
      }
    }
    for (const path of paths) await follow(path)
    expect([...seen]).toContain('/vendor/uplot.js')
    expect([...seen]).toContain('/services/time.ts')
  })

  test('forbids what the page does not need, and is asked for again only when it has changed', async () => {
    const { get } = serverWith()
    const { headers } = await get('/main.ts')
    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'; style-src 'self'")
    expect(headers['content-security-policy']).not.toContain('unsafe')
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' })
    expect((await get('/main.ts', { 'if-none-match': String(headers.etag) })).statusCode).toBe(304)
    expect((await get('/../package.json')).statusCode).toBe(404)
    expect((await get('/state.ts')).json()).toEqual({ mistakes: ['nothing is at GET /state.ts'] })
  })

  test.each(['evil.example', 'evil.example:8080', '127.0.0.1.evil.example'])(
    'is not served to whoever calls it %j: a name of somebody else’s may point here',
    async (host) => {
      const { get } = serverWith()
      const { statusCode, body } = await get('/api/state', { host })
      expect(statusCode).toBe(421)
      expect(body).toContain('monitor.page.names')
    },
  )

  test('is not served to who does not say whom it calls', () => {
    expect(isKnownHost(undefined, [])).toBe(false)
    expect(isKnownHost('', [''])).toBe(false)
  })

  test.each(['localhost:1', '127.0.0.1:1', '[::1]:1', '192.168.1.7:1', 'monitor.example.org:1'])(
    'is served to whoever calls it %s',
    async (host) => {
      const { get } = serverWith({ names: ['monitor.example.org'] })
      expect((await get('/api/state', { host })).json()).toEqual({ run, state })
    },
  )
})

describe('a command', () => {
  test('is given, and answered in words', async () => {
    const { post, given } = serverWith()
    expect((await post('/speed', {}, { value: 5 })).json()).toEqual({ done: 'did speed' })
    expect((await post('/pause')).json()).toEqual({ done: 'did pause' })
    expect((await post('')).json()).toEqual({ done: 'you may' })
    expect(given).toEqual([
      ['speed', { value: 5 }],
      ['pause', {}],
    ])
  })

  test('that is wrong is answered with all mistakes', async () => {
    const { post } = serverWith()
    const refused = await post('/rate', {}, { value: -1 })
    expect([refused.statusCode, refused.json()]).toEqual([
      400,
      { mistakes: ['rate: expected more than 0', 'and another'] },
    ])
    expect((await post('/nothing')).statusCode).toBe(404)
    expect((await post('/speed', { 'content-type': 'text/plain' })).statusCode).toBe(415)
  })

  test.each([
    ['no token', { authorization: '' }, 401],
    ['another token', { authorization: `Bearer ${TOKEN}x` }, 401],
    ['the token of another kind', { authorization: `Basic ${TOKEN}` }, 401],
    ['another page’s origin', { origin: 'http://evil.example' }, 403],
    ['an origin of another port', { origin: 'http://127.0.0.1:9999' }, 403],
    ['another host', { host: 'evil.example' }, 421],
  ])('with %s is refused', async (_what, headers, status) => {
    const { post, given } = serverWith()
    expect((await post('/pause', headers)).statusCode).toBe(status)
    expect(given).toEqual([])
  })

  test('is nobody’s to give without a token at the start, whatever is sent', async () => {
    const { post, given } = serverWith({ token: null })
    const refused = await post('/pause', { authorization: 'Bearer null' })
    expect([refused.statusCode, refused.json().mistakes]).toEqual([403, [expect.stringContaining('looked at only')]])
    expect(given).toEqual([])
  })

  test('more than ten times a second is told to wait, tokens tried among them', async () => {
    const { post, given, clock } = serverWith()
    const wrong = { authorization: 'Bearer wrong' }
    const tries = await Promise.all(Array.from({ length: 10 }, () => post('/pause', wrong)))
    expect(new Set(tries.map(({ statusCode }) => statusCode))).toEqual(new Set([401]))
    const refused = await post('/pause')
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '1'])
    clock.nowMs += 100
    expect((await post('/pause')).statusCode).toBe(200)
    expect((await post('/pause')).statusCode).toBe(429)
    expect(given).toHaveLength(1)
  })
})

describe('those who look on', () => {
  const listening = async (options = {}) => {
    const its = serverWith(options)
    return { ...its, url: await its.server.listen({ port: 0, host: '127.0.0.1' }) }
  }

  test('are told the run and the state at once, and what comes after', async () => {
    const { url, viewers } = await listening()
    const { body, headers } = await fetch(`${url}/api/events`)
    expect(headers.get('content-type')).toBe('text/event-stream')
    const reader = body!.pipeThrough(new TextDecoderStream()).getReader()
    let heard = ''
    const until = async (text: string) => {
      while (!heard.includes(text)) heard += (await reader.read()).value ?? ''
    }
    await until(eventText('state', state))
    expect(heard).toContain(eventText('run', run))
    viewers.tell(eventText('state', { nowMs: 2 }))
    await until('"nowMs":2')
    await reader.cancel()
    await expect.poll(() => viewers.count).toBe(0)
  })

  test('are so many at the most; the rest are told so', async () => {
    const { url, viewers } = await listening({ viewersMax: 2 })
    const controller = new AbortController()
    const look = () => fetch(`${url}/api/events`, { signal: controller.signal })
    await look()
    await look()
    const third = await look()
    expect([third.status, third.headers.get('retry-after'), await third.json()]).toEqual([
      503,
      '10',
      { mistakes: ['2 pages look on already, as many as may; try again later'] },
    ])
    controller.abort()
    await expect.poll(() => viewers.count).toBe(0)
    expect((await fetch(`${url}/api/events`)).status).toBe(200)
  })

  test('are let go of when they do not read', async () => {
    const { url, viewers } = await listening()
    const { port } = new URL(url)
    const socket = connect(Number(port), '127.0.0.1')
    socket.on('error', () => {})
    socket.pause()
    socket.write(`GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`)
    await expect.poll(() => viewers.count).toBe(1)
    const text = eventText('state', 'x'.repeat(1 << 22))
    await expect
      .poll(() => {
        viewers.tell(text)
        return viewers.count
      })
      .toBe(0)
    socket.resume()
    await once(socket, 'close')
  })

  test('do not hold up the end', async () => {
    const { url, server } = await listening()
    const { body } = await fetch(`${url}/api/events`)
    await server.close()
    await expect(new Response(body).text()).rejects.toThrow()
  })
})
