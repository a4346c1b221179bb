import { describe, expect, test } from 'vitest'
import { graphMl } from '#infra/fraud-report/graph.ts'
import { fraudText } from '#infra/fraud-report/print.ts'
import { shareOf, statistics } from '#infra/fraud-report/report.ts'
import { observeWorld } from '#infra/fraud-report/run.ts'
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
    expect(shareOf(0.01, 10_499, 1_000_000).holds).toBe(true)
    expect(shareOf(0.01, 10_600, 1_000_000).holds).toBe(false)
  })

  test('of few frauds holds within what chance allows', () => {
    expect(shareOf(1e-5, 14, 1_000_000).holds).toBe(true)
    expect(shareOf(1e-5, 30, 1_000_000).holds).toBe(false)
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
