import { describe, expect, test } from 'vitest'
import type { ControlRecords, ControlTopic } from '#infra/control/control-topic.ts'
import { ControlApi, commandNames } from '#infra/page/control-api.ts'
import { inForce } from '#infra/page/in-force.ts'
import { bears, newToken, readToken } from '#infra/page/token.ts'
import { SettingsError } from '#infra/service/settings-error.ts'
import type { Control } from '#schemas/types.ts'
import { defaultSettings } from '#services/settings.ts'

/** A topic in memory, slow enough that commands given at once would cross. */
function memoryTopic() {
  const records = new Map<string, Control | null>()
  const pause = () => new Promise((resolve) => setTimeout(resolve, 5))
  const topic: ControlTopic = {
    settings: defaultSettings,
    async newest() {
      const known = new Map(records)
      await pause()
      return known
    },
    async write(wanted: ControlRecords) {
      await pause()
      for (const [key, value] of wanted) records.set(key, value)
    },
  }
  return { records, api: new ControlApi(topic), now: () => inForce(records, defaultSettings) }
}

async function mistakesOf(api: ControlApi, name: string, wish: unknown): Promise<readonly string[]> {
  const error = await api.give(name, wish).catch((thrown: unknown) => thrown)
  if (!(error instanceof SettingsError)) throw new Error(`not refused: ${JSON.stringify(error)}`)
  return error.mistakes
}

describe('commands of the page', () => {
  test('put in force what they say, a pause and its end too', async () => {
    const { api, now } = memoryTopic()
    expect(now()).toEqual({ pace: { speed: 600 }, isPaused: false, fraudRate: 0.01 })
    expect(await api.give('rate', { value: 500 })).toBe('producer: rate 500')
    expect(await api.give('fraud-rate', { value: 'card-benchmark' })).toBe('fraud: {"rate":"card-benchmark"}')
    await api.give('pause', {})
    expect(now()).toEqual({ pace: { rate: 500 }, isPaused: true, fraudRate: 0.002 })
    await api.give('resume', {})
    expect(now()).toMatchObject({ pace: { rate: 500 }, isPaused: false })
    await api.give('speed', { value: 60 })
    expect(now()).toMatchObject({ pace: { speed: 60 } })
    await api.give('clear', {})
    expect(now()).toEqual({ pace: { speed: 600 }, isPaused: false, fraudRate: 0.01 })
  })

  test('start a campaign each, under a key of its own', async () => {
    const { api, records } = memoryTopic()
    const wish = { type: 'ACCOUNT_TAKEOVER', modus: 'SIM_SWAP', customer: 'CUST0000042' }
    await Promise.all([api.give('campaign', wish), api.give('campaign', { type: 'STOLEN_CARD' })])
    expect([...records.keys()].every((key) => /^FRAUD_INJECTOR\/[0-9a-f-]{36}$/.test(key))).toBe(true)
    expect([...records.values()]).toMatchObject([
      { command: 'START_CAMPAIGN', text: 'ACCOUNT_TAKEOVER/SIM_SWAP', customer_id: 'CUST0000042' },
      { command: 'START_CAMPAIGN', text: 'STOLEN_CARD', customer_id: null },
    ])
  })

  test('that come at once are given one after the other, and one that is refused stops none', async () => {
    const { api, now } = memoryTopic()
    const given = ['rate', 'pause', 'speed'].map((name, i) =>
      api.give(name, i === 1 ? {} : { value: i === 0 ? 7 : -1 }),
    )
    await Promise.allSettled([...given, api.give('resume', {})])
    expect(now()).toMatchObject({ pace: { rate: 7 }, isPaused: false })
  })

  test.each([
    ['speed', {}, ['value: expected a number, came nothing']],
    [
      'speed',
      { value: '5', extra: 1 },
      ['extra: expected one of the keys value, came an unknown key', 'value: expected a number, came "5"'],
    ],
    ['speed', { value: 1e9 }, ['speed: expected 100000 or less, came 1000000000']],
    ['fraud-rate', { value: 2 }, ['rate: expected 1 or less, came 2']],
    ['fraud-rate', { value: null }, ['value: expected a number or text, came null']],
    ['pause', { value: 1 }, ['value: expected no keys here, came an unknown key']],
    [
      'campaign',
      { type: 'ACCOUNT_TAKEOVER', customer: 'CUST9999999' },
      ['customer_id: expected one from CUST0000001 to CUST0005000, came "CUST9999999"'],
    ],
  ])('with mistakes are refused with all of them: %s %j', async (name, wish, mistakes) => {
    const { api, records } = memoryTopic()
    expect(await mistakesOf(api, name, wish)).toEqual(mistakes)
    expect(records.size).toBe(0)
  })

  test('are these', () => {
    expect(commandNames).toEqual(['speed', 'rate', 'pause', 'resume', 'fraud-rate', 'campaign', 'clear'])
  })

  test('of somebody else that nobody can follow change nothing of what is shown', () => {
    const bad: Control = { target: 'PRODUCER', command: 'RATE', number: -5, text: null, customer_id: null }
    const worse: Control = { target: 'FRAUD_INJECTOR', command: 'SETTINGS', number: null, text: '{', customer_id: null }
    const records = new Map([
      ['PRODUCER', bad],
      ['FRAUD_INJECTOR', worse],
    ])
    expect(inForce(records, defaultSettings)).toEqual({ pace: { speed: 600 }, isPaused: false, fraudRate: 0.01 })
  })
})

describe('a token', () => {
  test('is another one each time, and no short one is taken', () => {
    expect(newToken()).toMatch(/^[\w-]{32}$/)
    expect(newToken()).not.toBe(newToken())
    expect(readToken('T', { T: 'x'.repeat(16) })).toBe('x'.repeat(16))
    expect([readToken('T', {}), readToken('T', { T: '' })]).toEqual([null, null])
    const secret = 'too-short'
    expect(() => readToken('T', { T: secret })).toThrow('T: expected a token of 16 characters or more, came one of 9')
    expect(() => readToken('T', { T: secret })).not.toThrow(secret)
  })

  test('is borne by a header that has exactly it', () => {
    expect(bears('Bearer abc', 'abc')).toBe(true)
    for (const other of [undefined, '', 'abc', 'Bearer ab', 'Bearer abcd', 'bearer abc']) {
      expect(bears(other, 'abc')).toBe(false)
    }
  })
})
