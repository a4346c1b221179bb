import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { meanBands, readCards, type SeedCard, seedsJson, seedsText } from '#infra/scorecard/seeds.ts'

const band = (name: string, value: number | null) => ({ name, what: name, target: { min: 0.5, max: 0.7 }, value })

const card = (seed: string, auc: number | null, recall: number | null): SeedCard => ({
  seed,
  simulatedFraudRate: 0.01,
  plan: { customers: 100 },
  bands: [band('auc', auc), band('recall', recall)],
})

/** Files with these contents, by name. */
function files(contents: Record<string, unknown>): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'rupeestream-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return Object.entries(contents).map(([name, content]) => {
    const file = join(folder, name)
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
    return file
  })
}

test('a band holds by the mean of the seeds, whatever one of them says', () => {
  const [auc, recall] = meanBands([card('a', 0.4, 0.6), card('b', 0.7, 0.8), card('c', 0.7, 0.9)])
  expect(auc).toMatchObject({ values: [0.4, 0.7, 0.7], pass: true })
  expect(auc!.mean).toBeCloseTo(0.6, 12)
  // The standard deviation of the three is sqrt(0.03).
  expect(auc!.standardError).toBeCloseTo(0.1, 12)
  expect(recall).toMatchObject({ pass: false })
})

test('a seed that could not measure a band is left out of it, and a band of which nobody knows holds not and misses not', () => {
  const [auc, recall] = meanBands([card('a', 0.6, null), card('b', null, null)])
  expect(auc).toMatchObject({ values: [0.6, Number.NaN], mean: 0.6, standardError: Number.NaN, pass: true })
  expect(recall!.pass).toBe(null)
})

test('is told with the figures of each seed, what is outside marked', () => {
  const cards = [card('a', 0.6, 0.8), card('b', 0.7, null)]
  expect(seedsText(cards, meanBands(cards)).split('\n')).toEqual([
    '                      a       b    mean       ±  band',
    'inside   auc      0.600   0.700   0.650   0.050  0.500 to 0.700',
    'OUTSIDE  recall   0.800       -   0.800       -  0.500 to 0.700',
    '',
    '1 of 2 measured bands hold in the mean of 2 seeds; ± is its standard error.',
    '',
  ])
})

test('is told to machines without NaN', () => {
  const cards = [card('a', 0.6, null)]
  expect(JSON.parse(seedsJson(cards, meanBands(cards)))).toMatchObject({
    seeds: ['a'],
    bands: [
      { name: 'auc', values: [0.6], mean: 0.6, standardError: null, pass: true },
      { name: 'recall', values: [null], mean: null, pass: null },
    ],
  })
})

test('cards are read as they were written', () => {
  const cards = [card('a', 0.6, null), card('b', 0.7, 0.6)]
  expect(readCards(files({ 'a.json': cards[0], 'b.json': { ...cards[1], detectors: {} } }))).toEqual(cards)
})

test('what cannot be compared is refused, all of it at once', () => {
  const other = { ...card('c', 0.6, 0.6), plan: { customers: 200 } }
  const [a, ...others] = files({
    'a.json': card('a', 0.6, 0.6),
    'again.json': card('a', 0.5, 0.6),
    'c.json': other,
    'torn.json': '{"seed": "d"',
    'model.json': { format: 'trees' },
  })
  const refused = () => readCards([a!, ...others, '/no/such/card.json'])
  expect(refused).toThrow(/^5 mistakes in the scorecards:/)
  expect(refused).toThrow('seed a is there twice')
  expect(refused).toThrow('seed c has other customers, days, share of fraud or bands than seed a')
  expect(refused).toThrow(/torn\.json: expected what `scorecard --json` writes: /)
  expect(refused).toThrow(/model\.json: expected .* at seed/)
  expect(refused).toThrow(/card\.json: expected .* no such file/)
})
