import { expect, test } from 'vitest'
import { issuerIndex, issuers } from '#services/market/issuers.ts'
import { Outages } from '#services/market/outages.ts'
import { DAY_MS, MINUTE_MS } from '#services/time.ts'

const start = Date.UTC(2025, 0, 1)
const DAYS = 400

/** Minutes of an outage, of those looked at, and the worst share. */
function downtime(outages: Outages, bank: string, rail: 'UPI' | 'DEBIT_CARD' = 'UPI') {
  let minutes = 0
  let worst = 0
  for (let at = start; at < start + DAYS * DAY_MS; at += 10 * MINUTE_MS) {
    const share = outages.shareAt(issuerIndex(bank), rail, at)
    if (share > 0) minutes += 10
    worst = Math.max(worst, share)
  }
  return { minutes, worst }
}

test('banks are down now and then, for hours in a year, those that are known for it more often', () => {
  const outages = new Outages('banks')
  const [steady, shaky] = [downtime(outages, 'HDFC', 'DEBIT_CARD'), downtime(outages, 'BKID', 'DEBIT_CARD')]
  expect(shaky.minutes).toBeGreaterThan(10 * 60)
  expect(shaky.minutes).toBeLessThan(0.02 * DAYS * 24 * 60)
  expect(steady.minutes).toBeLessThan(shaky.minutes / 3)
  expect(shaky.worst).toBeLessThanOrEqual(0.6)
})

test('a nation-wide outage is of UPI, at all banks at once', () => {
  const outages = new Outages('banks')
  let found = 0
  for (let at = start; at < start + DAYS * DAY_MS; at += 10 * MINUTE_MS) {
    const shares = issuers.map((_, issuer) => outages.shareAt(issuer, 'UPI', at))
    if (!shares.every((share) => share > 0)) continue
    found++
    expect(outages.shareAt(issuerIndex('HDFC'), 'NEFT', at)).toBe(0)
  }
  expect(found).toBeGreaterThan(5)
})

test('they follow from the seed, in whatever order one asks', () => {
  const [a, b] = [new Outages('same'), new Outages('same')]
  const moments = Array.from({ length: 3_000 }, (_, i) => start + i * 3 * 60 * MINUTE_MS)
  const asked = new Map(moments.toReversed().map((at) => [at, b.shareAt(9, 'UPI', at)]))
  expect(moments.map((at) => a.shareAt(9, 'UPI', at))).toEqual(moments.map((at) => asked.get(at)))
  expect(downtime(new Outages('same'), 'BKID')).not.toEqual(downtime(new Outages('other'), 'BKID'))
})
