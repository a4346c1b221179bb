import { describe, expect, test } from 'vitest'
import { AliasTable } from '#services/market/alias.ts'
import { cities, cityByName, cityIndex, distanceKm } from '#services/market/cities.ts'
import { chooseMerchant, purchaseCategories, sells } from '#services/market/merchant-choice.ts'
import { merchantById, merchantIndex, merchantRecords, merchantSites, sellsIn } from '#services/market/merchants.ts'
import { atmTerminalId, branchNumber, terminalId } from '#services/market/terminals.ts'
import { Random, streamKey } from '#services/random.ts'

const random = () => new Random().at(streamKey('seed', 'look-ups'), 1, 1)

describe('cities', () => {
  test('are 8, 7 and 5 by tier', () => {
    expect([1, 2, 3].map((tier) => cities.filter((city) => city.tier === tier).length)).toEqual([8, 7, 5])
  })

  test('lie as far apart as they do', () => {
    const delhi = cityByName.get('Delhi')!
    const mumbai = cityByName.get('Mumbai')!
    expect(distanceKm(delhi.lat, delhi.lon, mumbai.lat, mumbai.lon)).toBeCloseTo(1148, -1)
    expect(distanceKm(delhi.lat, delhi.lon, delhi.lat, delhi.lon)).toBe(0)
  })

  test('an unknown name is refused', () => expect(() => cityIndex('Atlantis')).toThrow(RangeError))
})

describe('merchants', () => {
  test('are found by the digits of their id', () => {
    merchantSites.forEach((site, index) => {
      if (merchantIndex(site.id) !== index) expect.fail(`${site.id} is at ${index}, found at ${merchantIndex(site.id)}`)
    })
  })

  test.each(['MER9999', 'MER0220', 'MER0220-00-999', 'MER0220-20-001', 'nonsense', ''])('%j is none', (id) => {
    expect(merchantById(id)).toBeUndefined()
  })

  test('fit the catalogue: 219 named ones, below 20,000 in all, ids unique', () => {
    const ids = new Set(Array.from(merchantRecords(), (record) => record.merchant_id))
    expect(ids.size).toBe(merchantSites.length)
    expect(ids.size).toBeLessThan(20_000)
    expect(merchantSites.filter((site) => site.id.length === 7)).toHaveLength(219)
  })

  test('are drawn from those of the category that sell in the city that way', () => {
    const draw = random()
    for (let category = 0; category < purchaseCategories.length; category++) {
      for (let city = 0; city < cities.length; city++) {
        for (const online of [true, false]) {
          const index = chooseMerchant(category, city, online, draw)
          expect(index >= 0).toBe(sells(category, city, online))
          if (index < 0) continue
          const site = merchantSites[index]!
          expect(site.category).toBe(purchaseCategories[category])
          expect(sellsIn(site, city)).toBe(true)
          expect(online ? site.online : site.presence !== 'ONLINE').toBe(true)
        }
      }
    }
  })

  test('no liquor is sold in Gujarat and Bihar, and a closed chain sells nowhere', () => {
    const liquor = merchantSites.filter((site) => site.subcategory === 'Liquor')
    expect(liquor.filter((site) => ['Ahmedabad', 'Surat', 'Patna', 'Muzaffarpur'].includes(site.city!))).toEqual([])
    expect(cities.some((_, city) => sellsIn(merchantById('MER0012')!, city))).toBe(false)
  })
})

test('terminals have 8 characters and differ by merchant, city and branch', () => {
  const ids = new Set<string>()
  for (const id of ['MER0001', 'MER0002', 'MER0255-00-001']) {
    for (let city = 0; city < 20; city++) for (let n = 0; n < 8; n++) ids.add(terminalId(id, branchNumber(city, n)))
  }
  for (let n = 0; n < 64; n++) ids.add(atmTerminalId(3, n))
  expect(ids.size).toBe(3 * 160 + 64)
  expect([...ids].every((id) => /^[A-Z0-9]{8}$/.test(id))).toBe(true)
})

describe('the alias method', () => {
  test('draws by weight', () => {
    const table = new AliasTable([1, 0, 3, 6])
    const counts = [0, 0, 0, 0]
    const draw = random()
    for (let i = 0; i < 40_000; i++) counts[table.pick(draw)]!++
    expect(counts[1]).toBe(0)
    expect(counts[0]! / 40_000).toBeCloseTo(0.1, 1)
    expect(counts[2]! / 40_000).toBeCloseTo(0.3, 1)
  })

  test('refuses weights that add up to nothing', () => expect(() => new AliasTable([0, 0])).toThrow(RangeError))
})
