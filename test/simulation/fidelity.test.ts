import { describe, expect, test } from 'vitest'
import data from '#infra/fidelity/bands.json' with { type: 'json' }
import documents from '#infra/fidelity/documents.json' with { type: 'json' }
import { compare } from '#infra/fidelity/documents.ts'
import { Observations } from '#infra/fidelity/observations.ts'
import { fidelityPage } from '#infra/fidelity/page.ts'
import { bandTable, bandText, documentTable, resultJson } from '#infra/fidelity/print.ts'
import { fidelitySettings, judge, observe } from '#infra/fidelity/report.ts'
import type { Transaction } from '#schemas/types.ts'
import { World } from '#services/producer/world.ts'
import { defaultSettings } from '#services/settings.ts'
import { dayStartMs } from '#services/time.ts'

const settings = fidelitySettings({ ...defaultSettings, seed: 'report' }, 400, 60)
const seen = observe(settings)
const results = judge(seen)
const compared = compare(seen)
const bandOf = (name: string, among = results) => among.find((band) => band.name === name)!

/** The same payments with something changed. */
function observeChanged(change: (tx: Transaction) => Transaction): Observations {
  const changed = new Observations()
  const world = new World(settings, 0)
  for (const customer of world.customers()) changed.person(customer)
  const endMs = dayStartMs(world.day + 60)
  while (world.peekMs() < endMs) {
    world.next((topic, _key, value) => {
      if (topic === 'transactions.genuine') changed.payment(change(value as Transaction))
    }, null)
  }
  return changed
}

test('each band is measured, once, by a number', () => {
  expect(results.map(({ name }) => name)).toEqual(data.bands.map(({ name }) => name))
  for (const { name, value } of results) expect(value, name).toBeTypeOf('number')
  expect(results.filter(({ value }) => Number.isNaN(value)).map(({ name }) => name)).toEqual([])
})

test('the same seed gives the same figures, another seed others', () => {
  expect(judge(observe(settings))).toEqual(results)
  expect(judge(observe(fidelitySettings({ ...defaultSettings, seed: 'another' }, 400, 60)))).not.toEqual(results)
})

test("each figure of the requirements' data has ours beside it", () => {
  expect(compared.map(({ name }) => name)).toEqual(documents.figures.map(({ name }) => name))
  const ours = new Map(compared.map(({ name, value }) => [name, value]))
  for (const { name, value } of compared) expect(value, name).toBeGreaterThanOrEqual(0)
  expect(ours.get('approved_share')! + ours.get('declined_share')! + ours.get('pending_share')!).toBeCloseTo(1, 2)
  expect(ours.get('premium_to_low_amount')).toBeGreaterThan(1)
  expect(ours.get('high_savviness_mobile_share')).toBeGreaterThan(ours.get('mobile_share')!)
})

test("a scenario's pack counts", () => {
  const { population } = defaultSettings
  const other = fidelitySettings({ seed: 'report', population: { ...population, pack: 'seed-mix' } }, 400, 60)
  const share = (among: typeof compared) => among.find(({ name }) => name === 'credit_card_share')!.value
  expect(share(compare(observe(other)))).toBeGreaterThan(share(compared))
})

test('money that comes in is no payment', () => {
  expect(seen.payments.some(({ tx }) => tx.event_type === 'CREDIT')).toBe(false)
})

describe('a planted violation shows:', () => {
  test.each([
    [
      'evening_share',
      'payments twelve hours later',
      (tx: Transaction) => ({ ...tx, event_time: tx.event_time + 43_200_000 }),
    ],
    [
      'hours_shop_distance',
      'payments twelve hours later',
      (tx: Transaction) => ({ ...tx, event_time: tx.event_time + 43_200_000 }),
    ],
    [
      'upi_p2m_mean_rupees',
      'everything twice as dear',
      (tx: Transaction) => ({ ...tx, amount_minor: tx.amount_minor * 2 }),
    ],
    [
      'rail_mix_effect_size',
      'everything by wallet',
      (tx: Transaction) => ({ ...tx, payment_rail: 'PREPAID_WALLET' as const }),
    ],
    ['home_share', 'everybody on the way', (tx: Transaction) => ({ ...tx, location_type: 'TRAVEL' as const })],
    ['top_merchant_share', 'one shop for all', (tx: Transaction) => ({ ...tx, merchant_id: tx.merchant_id && 'M1' })],
    [
      'issuers_in_business_band',
      'nobody refused',
      (tx: Transaction) => ({ ...tx, status_response: { status: 'APPROVED', response_code: '00' } as const }),
    ],
    [
      'savviness_online_variance',
      'everybody in the shop',
      (tx: Transaction) => ({ ...tx, channel: tx.channel === 'ATM' ? tx.channel : ('POS' as const) }),
    ],
  ])('%s, with %s', (name, _what, change) => {
    const band = bandOf(name, judge(observeChanged(change)))
    expect(band.pass).toBe(false)
    expect(band.value).not.toBeCloseTo(bandOf(name).value, 2)
  })
})

describe('output', () => {
  test('bands in words', () => {
    expect(bandText({ min: 0.8, max: 0.9 })).toBe('0.800 to 0.900')
    expect(bandText({ min: 0, max: 0.1 })).toBe('at most 0.100')
    expect(bandText({ min: 1.2, max: null })).toBe('at least 1.200')
    expect(bandText({ min: 1, max: 1 })).toBe('exactly 1')
  })

  test('a line a band for people, with the count', () => {
    const text = bandTable(settings, seen.payments.length, results)
    const held = results.filter(({ pass }) => pass).length
    expect(text).toContain(`${held} of ${results.length} held`)
    expect(text.match(/^(held {2}|MISSED)/gm)).toHaveLength(results.length)
  })

  test("a line a figure of the requirements' data", () => {
    expect(documentTable(compared).trim().split('\n')).toHaveLength(compared.length + 2)
  })

  test('JSON for machines; what could not be measured is null', () => {
    const json = JSON.parse(
      resultJson(settings, [{ ...results[0]!, value: Number.NaN }, ...results.slice(1)], compared),
    )
    expect(json).toMatchObject({ seed: 'report', customers: 400, days: 60 })
    expect(json.bands[0].value).toBeNull()
    expect(json.bands[1]).toEqual(results[1])
    expect(json.documents).toEqual(compared)
  })

  test('a page with a row a band and the plots, which loads nothing', () => {
    const page = fidelityPage(settings, seen, results, compared)
    expect(page.match(/<tr class="(held|missed)">/g)).toHaveLength(results.length)
    expect(page.match(/<svg /g)).toHaveLength(9)
    expect(page).not.toMatch(/(src|href)=|NaN|undefined/)
  })
})
