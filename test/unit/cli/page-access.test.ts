import { describe, expect, test } from 'vitest'
import { pageAccess, pageAddress } from '#infra/cli/start/page-access.ts'
import type { ViewModel } from '#infra/cli/view/model.ts'
import { jsonScreen } from '#infra/cli/view/screen.ts'
import { readServiceArguments } from '#infra/service/arguments.ts'
import { settingsSchema } from '#services/settings.ts'

const settings = (page: object = {}) => settingsSchema.parse({ monitor: { page } })
const OWN = 'a-token-of-my-own-choice'

describe('the live page of a run', () => {
  test('has a free port, which stays its own, and a token that is made for it', async () => {
    const { port, token, environment } = await pageAccess(settings(), true, { OTHER: '1' })
    expect(port).toBeGreaterThan(0)
    expect(environment).toEqual({ OTHER: '1', RUPEESTREAM_PAGE_TOKEN: token })
    expect(pageAddress('http://127.0.0.1:1', token)).toBe(`http://127.0.0.1:1/#token=${token}`)
  })

  test('has the port and the token that are given', async () => {
    const { port, token } = await pageAccess(settings({ port: 8_088, tokenVariable: 'MINE' }), true, { MINE: OWN })
    expect([port, token]).toEqual([8_088, OWN])
  })

  test('has no token without control, not even one that lies about', async () => {
    const { token, environment } = await pageAccess(settings(), false, { RUPEESTREAM_PAGE_TOKEN: OWN })
    expect([token, environment.RUPEESTREAM_PAGE_TOKEN]).toEqual([null, undefined])
    expect(pageAddress('http://127.0.0.1:1', token)).toBe('http://127.0.0.1:1/')
  })

  test('keeps its port when its monitor is started again', () => {
    const given = ['--brokers', 'a:1', '--registry', 'http://r:1', '--page-port']
    expect(readServiceArguments([...given, '8088'], {})).toMatchObject({ pagePort: 8_088 })
    expect(readServiceArguments(given.slice(0, -1), {})).toMatchObject({ pagePort: undefined })
    expect(() => readServiceArguments([...given, 'x'], {})).toThrow('--page-port: expected a number from 0 to 65535')
  })

  test('is told once on standard error where the state is lines of JSON: those have no token in them', () => {
    const [lines, said]: [string[], string[]] = [[], []]
    const to = (list: string[]) => ({ write: (text: string) => list.push(text) }) as unknown as NodeJS.WritableStream
    const screen = jsonScreen(to(lines), to(said), 0)
    const model = { phase: 'live', steps: [], statuses: {} } as unknown as ViewModel
    screen.show(model)
    for (let i = 0; i < 3; i++) screen.show({ ...model, page: 'http://127.0.0.1:1/#token=abc' })
    expect(said).toEqual(['Live page  http://127.0.0.1:1/#token=abc\n'])
    expect(lines).toHaveLength(4)
    expect(lines.join('')).not.toContain('abc')
  })
})
