import { expect, test } from 'vitest'
import { Random, streamKey } from '#services/random.ts'
import type { Settings } from '#services/settings.ts'
import { worldTransactions } from '../helpers/genuine.ts'
import { InjectorRun, injectorSettings } from '../helpers/injector.ts'

const base = injectorSettings('restart', { rate: 0.05 })
const settings = { ...base, population: { ...base.population, customers: 500 } }
/** Seven days, with wall-clock moments from the middle on. */
const genuine = worldTransactions(settings, 8_000).map((tx, i) =>
  i < 4_000 ? tx : { ...tx, intended_at: Math.round(tx.event_time / 600) },
)

const disordered: Settings = {
  ...settings,
  disorder: { late: 0.05, outOfOrder: 0.1, duplicate: 0.05, corrupt: 0.03, dropped: 0.02 },
}

function sent(each: (run: InjectorRun, i: number) => void, of = settings): string[] {
  const run = new InjectorRun(of, { keepText: true })
  genuine.forEach((tx, i) => {
    run.genuine(tx)
    each(run, i)
  })
  return run.sent
}

const undisturbed = sent(() => {})

test('the same input makes the same bytes, and much of it', () => {
  expect(sent(() => {})).toEqual(undisturbed)
  expect(undisturbed.filter((text) => text.startsWith('["fraud-reports"')).length).toBeGreaterThan(100)
  expect(undisturbed.filter((text) => text.startsWith('["customer-events"')).length).toBeGreaterThan(30)
})

test('a restart from a checkpoint, anywhere, changes nothing', () => {
  const random = new Random().at(streamKey('restart', 'moments'), 1, 1)
  for (let trial = 0; trial < 3; trial++) {
    const often = random.uniform(0.001, 0.02)
    expect(sent((run) => random.chance(often) && run.restart())).toEqual(undisturbed)
  }
})

test('nor does one with disorder on', () => {
  const random = new Random().at(streamKey('restart', 'disorder'), 1, 1)
  const expected = sent(() => {}, disordered)
  expect(expected.filter((text) => text.startsWith('["delivery-faults"')).length).toBeGreaterThan(1_000)
  expect(sent((run) => random.chance(0.01) && run.restart(), disordered)).toEqual(expected)
})

test('another seed makes another story', () => {
  const run = new InjectorRun({ ...settings, seed: 'another' }, { keepText: true })
  for (const tx of genuine) run.genuine(tx)
  expect(run.sent).not.toEqual(undisturbed)
})

test('every inserted record of the live part has a wall-clock moment in line with its neighbours', () => {
  const run = new InjectorRun(settings)
  for (const tx of genuine) run.genuine(tx)
  const first = genuine[4_000]!.event_time
  const live = run.transactions.filter((tx) => tx.event_time >= first)
  for (const tx of live) expect(Math.abs(tx.intended_at! - tx.event_time / 600)).toBeLessThanOrEqual(2)
  for (const tx of run.transactions) if (tx.event_time < first) expect(tx.intended_at).toBeNull()
})

test.each([
  ['in order', settings],
  ['in disorder', disordered],
])('being told the time in between changes no record, %s', (_what, of) => {
  const masked = (texts: readonly string[]): string[] =>
    texts.filter((text) => !text.startsWith('["watermarks"')).map((text) => text.replace(/"intended_at":\d+/, ''))
  const told = sent((run, i) => {
    const next = genuine[i + 1]
    if (i % 7 === 0 && next !== undefined) run.watermark(next.event_time - 1)
    if (i % 3 === 0) run.endOfBatch()
  }, of)
  expect(masked(told)).toEqual(masked(sent(() => {}, of)))
})
