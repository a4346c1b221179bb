import { describe, expect, test } from 'vitest'
import { graphMl } from '#infra/fraud-report/graph.ts'
import { FraudObserver, type SeenCampaign } from '#infra/fraud-report/observer.ts'
import { fraudText } from '#infra/fraud-report/print.ts'
import { statistics } from '#infra/fraud-report/report.ts'
import { observeWorld } from '#infra/fraud-report/run.ts'
import { shareOf } from '#infra/fraud-report/shares.ts'
import { settingsSchema } from '#services/settings.ts'

const settings = settingsSchema.parse({ seed: 'counted', population: { customers: 1_000 }, fraud: { rate: 0.02 } })
const seen = observeWorld(settings, 60_000, () => {})
const report = statistics(settings, seen)

describe('the counts of a small world', () => {
  test('add up: types, severities and phases each make all frauds', () => {
    const total = (counts: Record<string, number>): number => Object.values(counts).reduce((sum, n) => sum + n, 0)
    expect(seen.fraud).toBeGreaterThan(800)
    expect(report.types.reduce((sum, { transactions }) => sum + transactions, 0)).toBe(seen.fraud)
    expect(total(report.severities)).toBe(seen.fraud)
    expect(total(report.phases)).toBe(seen.fraud)
    expect(total(report.combinations)).toBe(report.types.reduce((sum, { campaigns }) => sum + campaigns, 0))
    expect(report.transactions).toBeGreaterThanOrEqual(60_000)
  })

  test('name the hours in which fraud came in clusters, more of it than ordinarily', () => {
    expect(report.clusters.length).toBeGreaterThan(0)
    for (const { frauds, ordinary } of report.clusters) expect(frauds).toBeGreaterThan(3 * ordinary)
  })

  test('are told in words, every type that there was', () => {
    const text = fraudText(report)
    for (const { type, campaigns } of report.types) if (campaigns > 0) expect(text).toContain(type)
    expect(text).toContain(`seed counted`)
  })

  test('give back no more than was lost', () => {
    for (const { lossRupees, recoveredRupees } of report.types) expect(recoveredRupees).toBeLessThanOrEqual(lossRupees)
  })
})

describe('a share', () => {
  test('holds within 5 per cent of what was wanted', () => {
    expect(shareOf(0.01, 10_499, 1_000_000, 0).held).toBe('TOLERANCE')
    expect(shareOf(0.01, 10_600, 1_000_000, 0).held).toBe(null)
  })

  test('of few frauds holds within what chance allows', () => {
    expect(shareOf(1e-5, 14, 1_000_000, 0).held).toBe('BINOMIAL')
    expect(shareOf(1e-5, 30, 1_000_000, 0).held).toBe(null)
  })

  test('of few campaigns holds within what whole ones allow', () => {
    expect(shareOf(1e-5, 30, 1_000_000, 10).held).toBe('CAMPAIGNS')
    expect(shareOf(1e-5, 40, 1_000_000, 10).held).toBe(null)
  })
})

/** As if so many frauds of each type had come among five million transactions, in campaigns of ten. */
function planted(rate: number, frauds: Readonly<Record<string, number>>): ReturnType<typeof statistics> {
  const planted = new FraudObserver()
  Object.assign(planted, { transactions: 5_000_000, firstMs: 0, lastMs: 0 })
  for (const [type, count] of Object.entries(frauds)) {
    planted.fraud += count
    for (let i = 0; i < count; i += 10)
      planted.campaigns.set(`${type}/${i}`, seenCampaign(type, Math.min(10, count - i)))
  }
  const mix = { CARD_TESTING: 1, TRANSACTION_REPLAY: 1 }
  return statistics(settingsSchema.parse({ seed: 'planted', fraud: { rate, mix } }), planted)
}

const seenCampaign = (type: string, transactions: number): SeenCampaign => ({
  type: type as SeenCampaign['type'],
  twin: false,
  combination: 'NONE',
  ringId: null,
  customers: new Set(),
  firstMs: 0,
  lastMs: 0,
  transactions,
  severity: 'LOW',
  lossMinor: 0,
  recoveredMinor: 0,
})

describe('rate and mix', () => {
  // Two to two and a half expected transactions a campaign: 4 to 5 of nine frauds.
  const [testing, replay] = [4 / 9, 5 / 9]

  test('that came as asked for hold', () => {
    const report = planted(0.01, { CARD_TESTING: 50_000 * testing, TRANSACTION_REPLAY: 50_000 * replay })
    expect(report.sharesHold).toBe(true)
    expect(fraudText(report)).not.toContain('MISSED')
    expect(fraudText(report)).toContain('Share of fraud: 1 % of 1 % wanted, +0.0 %: holds to 5 %')
  })

  test('six times too many frauds at a rate of one in a hundred thousand are caught', () => {
    const report = planted(1e-5, { CARD_TESTING: 300 * testing, TRANSACTION_REPLAY: 300 * replay })
    expect(report.rate.held).toBe(null)
    expect(report.sharesHold).toBe(false)
    expect(fraudText(report)).toMatch(/Share of fraud: .*MISSED/)
  })

  test('a tenth too few of one type are caught, though their number as a whole is right', () => {
    const report = planted(0.01, {
      CARD_TESTING: 50_000 * testing * 0.9,
      TRANSACTION_REPLAY: 50_000 * (replay + testing * 0.1),
    })
    expect(report.rate.held).toBe('TOLERANCE')
    expect(report.sharesHold).toBe(false)
    expect(fraudText(report)).toMatch(/CARD_TESTING .* MISSED/)
  })
})

test('the graph joins each shared thing to at least two customers of its ring, and has no loose ends', () => {
  const text = graphMl(seen)
  const nodes = new Map([...text.matchAll(/<node id="([^"]+)"><data key="kind">(\w+)</g)].map((m) => [m[1]!, m[2]!]))
  const edges = [...text.matchAll(/<edge source="([^"]+)" target="([^"]+)"/g)].map((m) => [m[1]!, m[2]!] as const)
  expect(edges.length).toBeGreaterThan(10)
  const degree = new Map<string, number>()
  for (const [source, target] of edges) {
    expect(nodes.get(source)).toBe('customer')
    expect(nodes.has(target)).toBe(true)
    degree.set(target, (degree.get(target) ?? 0) + 1)
  }
  for (const [id, kind] of nodes) if (kind !== 'customer') expect(degree.get(id)).toBeGreaterThan(1)
})
