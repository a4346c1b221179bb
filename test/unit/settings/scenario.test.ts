import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { scenarioOf } from '#infra/cli/options.ts'
import { readServiceArguments } from '#infra/service/arguments.ts'
import { loadScenario, type Override, parseScenario } from '#infra/service/scenario.ts'
import { SettingsError } from '#infra/service/settings-error.ts'
import { defaultSettings, liveFromMs, settingsSchema } from '#services/settings.ts'
import { keysOf, schemaAt } from '#services/settings-shape.ts'

const DEFAULT_FILE = 'infra/scenarios/default.yaml'

function mistakes(work: () => unknown): readonly string[] {
  try {
    work()
  } catch (error) {
    if (error instanceof SettingsError) return error.mistakes
    throw error
  }
  throw new Error('nothing was found wrong')
}

const mistakesIn = (yaml: string, overrides: readonly Override[] = []) =>
  mistakes(() => parseScenario(yaml, 'test.yaml', overrides))

describe('the default scenario file', () => {
  test('says what the defaults are', () => {
    expect(loadScenario({ file: DEFAULT_FILE }).settings).toEqual(defaultSettings)
  })

  test('has every key', () => {
    const text = readFileSync(DEFAULT_FILE, 'utf8')
    const missing = (value: object, path: string[]): string[] =>
      keysOf(schemaAt(settingsSchema, path)!).flatMap((key) => {
        const inner = (value as Record<string, unknown>)[key]
        // What may be absent stands in a comment.
        if (inner === undefined) return new RegExp(`# +${key}:`).test(text) ? [] : [[...path, key].join('.')]
        return typeof inner === 'object' && inner !== null ? missing(inner, [...path, key]) : []
      })
    expect(missing(parse(text), [])).toEqual([])
  })
})

describe('distributions of the population', () => {
  const parsed = (yaml: string) => parseScenario(yaml, 'test.yaml', []).settings.population.distributions

  test('may be given in part', () => {
    const yaml =
      'population: {distributions: {segments: {STUDENT: 3}, costOfLiving: hces, paymentModes: {STUDENT: {CASH: 0}}}}'
    expect(parsed(yaml)).toEqual({
      segments: { STUDENT: 3 },
      costOfLiving: 'hces',
      paymentModes: { STUDENT: { CASH: 0 } },
    })
  })

  test('are refused with path, what was expected and what came, all at once', () => {
    const yaml = [
      'population:',
      '  distributions:',
      '    segments:',
      '      STUDENTS: 1',
      '      FAMILY_ORIENTED: -1',
      '    costOfLiving: tiers',
      '    paymentModes:',
      '      STUDENT: {UPI: much}',
      '    lifeEventsPerYear: {MARRIAGE: 3}',
    ].join('\n')
    const at = 'population.distributions'
    expect(mistakesIn(yaml)).toEqual([
      `line 6: ${at}.costOfLiving: expected one of tier, hces, blend, came "tiers"; did you mean tier?`,
      `line 9: ${at}.lifeEventsPerYear.MARRIAGE: expected 2 or less, came 3`,
      `line 8: ${at}.paymentModes.STUDENT.UPI: expected a number, came "much"`,
      `line 5: ${at}.segments.FAMILY_ORIENTED: expected 0 or more, came -1`,
      expect.stringMatching(/^line 4: .*segments.STUDENTS: expected .*, came an unknown key; did you mean STUDENT\?$/),
    ])
  })

  test('leave something to draw', () => {
    const names = ['YOUNG_PROFESSIONAL', 'FAMILY_ORIENTED', 'BUDGET_CONSCIOUS', 'TECH_SAVVY_MILLENNIAL']
    const all = [...names, 'AFFLUENT_SHOPPER', 'SENIOR_CONSERVATIVE', 'STUDENT'].map((name) => `${name}: 0`)
    const yaml = (weights: readonly string[]) => `population: {distributions: {segments: {${weights.join(', ')}}}}`
    expect(mistakesIn(yaml(all))).toEqual([expect.stringContaining('expected a weight above 0 for some segment')])
    expect(Object.keys(parsed(yaml(all.slice(1))).segments!)).toHaveLength(6)
  })
})

describe('mistakes in a file', () => {
  test('are told all at once, with line, path, what was expected and what came', () => {
    const yaml = [
      'sed: mine',
      'population:',
      '  custmers: 10',
      '  pack: india',
      'clock:',
      '  start: 13/10/2025',
      '  history: two weeks',
      'runner: 5',
    ].join('\n')
    expect(mistakesIn(yaml)).toEqual([
      'line 7: clock.history: expected a duration such as 14d, came "two weeks"',
      'line 6: clock.start: expected a date such as 2025-10-13, a moment such as 2025-10-13T18:30:00+05:30, or now, came "13/10/2025"',
      'line 3: population.custmers: expected one of the keys customers, syntheticShare, pack, distributions, came an unknown key; did you mean customers?',
      'line 4: population.pack: expected one of india-2025, seed-mix, came "india"',
      expect.stringMatching(/^line 8: runner: expected keys transactionRecordsMax, .*, came 5$/),
      expect.stringMatching(
        /^line 1: sed: expected one of the keys seed, .*, came an unknown key; did you mean seed\?$/,
      ),
    ])
  })

  test('in lists are told with their place', () => {
    const yaml = 'pace:\n  rate:\n    stages:\n      - for: 10s\n        to: 5\n      - for: soon\n        to: -1\n'
    expect(mistakesIn(yaml)).toEqual([
      'line 6: pace.rate.stages[1].for: expected a duration such as 30s, came "soon"',
      'line 7: pace.rate.stages[1].to: expected 0 or more, came -1',
    ])
  })

  test('of YAML itself are told with their line', () => {
    const [first, ...others] = mistakesIn('seed: a\nclock: [\n')
    expect(first).toMatch(/^line \d: this is not YAML: /)
    expect(others).toEqual([])
  })

  test('a file that is not there is a mistake, not a crash', () => {
    expect(mistakes(() => loadScenario({ file: '/nowhere/scenario.yaml' }))).toEqual([
      expect.stringContaining('the file cannot be read'),
    ])
  })

  test('a list instead of keys', () => {
    expect(mistakesIn('- seed')).toEqual([expect.stringMatching(/^line 1: the whole file: expected keys seed, /)])
  })
})

describe('unions', () => {
  test.each([
    [
      'pace: {speeed: 6}',
      'pace.speeed: expected one of the keys speed, rate, max, came an unknown key; did you mean speed?',
    ],
    ['pace: {speed: 6, rate: 5}', 'pace: expected only one of the keys speed, rate, max, came speed and rate'],
    ['pace: {}', 'pace: expected one of the keys speed, rate, max, came none'],
    ['pace: 5', 'pace: expected keys speed, rate, max, came 5'],
    ['pace: {speed: 0}', 'pace.speed: expected 1 or more, came 0'],
    ['pace: {rate: {stages: []}}', 'pace.rate.stages: expected 1 entry or more, came []'],
    ['disorder: {corrupt: 0.1}', 'disorder.corrupt: expected 0.05 or less, came 0.1'],
    [
      'disorder: {late: 0.7, dropped: 0.7}',
      'disorder: expected shares of 1 or less together, came {"late":0.7,"dropped":0.7}',
    ],
    ['fraud: {rate: 2}', 'fraud.rate: expected 1 or less, came 2'],
    [
      'fraud: {rate: labb}',
      'fraud.rate: expected a number or india-real, card-benchmark, lab, came "labb"; did you mean lab?',
    ],
  ])('%s', (yaml, message) => {
    expect(mistakesIn(yaml)).toEqual([`line 1: ${message}`])
  })
})

describe('overrides', () => {
  test('win over the file, and stay in the text that is handed on', () => {
    const overrides = [{ path: ['pace'], value: { rate: 7 }, from: '--rate' }]
    const { settings, text } = parseScenario('seed: mine\npace: {speed: 60}\n', 'test.yaml', overrides)
    expect(settings).toMatchObject({ seed: 'mine', pace: { rate: 7 } })
    expect(parseScenario(text, 'text', []).settings).toEqual(settings)
  })

  test('a mistake in one is told with its flag', () => {
    const overrides = [{ path: ['population', 'customers'], value: 0, from: '--customers' }]
    expect(mistakesIn('', overrides)).toEqual(['--customers: population.customers: expected 1 or more, came 0'])
  })

  test('a file is left as it was', () => {
    const folder = mkdtempSync(join(tmpdir(), 'scenario-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'mine.yaml')
    writeFileSync(file, 'partitions: 2\n')
    const overrides = [{ path: ['seed'], value: 'other', from: '--seed' }]
    expect(loadScenario({ file, overrides }).settings).toMatchObject({ partitions: 2, seed: 'other' })
    expect(loadScenario({ file }).settings.seed).toBe(defaultSettings.seed)
  })
})

describe('when the live clock starts', () => {
  const liveAt = (start: string): number => liveFromMs(settingsSchema.parse({ clock: { start } }))

  test('is nine in the morning of a day, or a moment', () => {
    expect(liveAt('2025-10-13')).toBe(Date.parse('2025-10-13T09:00:00+05:30'))
    expect(liveAt('2025-10-13T18:30:00+05:30')).toBe(Date.parse('2025-10-13T13:00:00Z'))
    expect(() => liveAt('now')).toThrow('no moment yet')
  })

  test('now is the second at which a run begins, the same for all of its services', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'rupeestream-now-')), 'now.yaml')
    writeFileSync(file, 'clock: { start: now }\n')
    const before = Date.now()
    const { settings, text } = scenarioOf({ scenario: file, dataDir: '.' })
    expect(liveFromMs(settings)).toBeGreaterThan(before - 1_000)
    expect(liveFromMs(settings)).toBeLessThanOrEqual(Date.now())
    expect(parseScenario(text, 'the text', []).settings).toEqual(settings)
    const alone = ['--scenario', file, '--brokers', 'localhost:9092', '--registry', 'http://localhost:8081']
    expect(() => readServiceArguments(alone, {})).toThrow(/clock.start: expected a date or a moment/)
    rmSync(dirname(file), { recursive: true })
  })
})
