import { describe, expect, test } from 'vitest'
import type { Transaction } from '#schemas/types.ts'
import { cities, cityIndex, distanceKm } from '#services/market/cities.ts'
import { hoursBetween, kmBetween, vehicleFor, vehicles } from '#services/market/journeys.ts'
import { Journeys } from '#services/producer/journeys.ts'
import { Lives } from '#services/producer/lives.ts'
import { Population } from '#services/producer/population.ts'
import { DAY_MS, dayStartMs, HOUR_MS, simulatedDay } from '#services/time.ts'
import { scenario, simulate } from './producer-world.ts'

const settings = scenario({ seed: 'travel', population: { customers: 3000 } })
const { transactions } = simulate(settings, 0, 50)
const firstDay = simulatedDay(transactions[0]!.event_time)
const byCustomer = Map.groupBy(transactions, ({ customer_id }) => customer_id)

/** The aircraft's speed and the train's, with room for the few kilometres that people live off a city's centre. */
const FLIGHT_KM_PER_HOUR = 700
const TRAIN_KM_PER_HOUR = 65
const AROUND_TOWN_KM = 70

interface Pair {
  readonly before: Transaction
  readonly after: Transaction
  readonly km: number
  readonly kmPerHour: number
}

/** Payments in person, each with the next in another town. */
function journeysOf(payments: readonly Transaction[]): Pair[] {
  const inPerson = payments.filter((tx) => tx.lat !== null)
  return inPerson
    .slice(1)
    .map((after, i) => {
      const before = inPerson[i]!
      const km = distanceKm(before.lat!, before.lon!, after.lat!, after.lon!)
      return { before, after, km, kmPerHour: km / ((after.event_time - before.event_time) / HOUR_MS) }
    })
    .filter(({ km }) => km > AROUND_TOWN_KM)
}

const tooFast = (payments: readonly Transaction[]) =>
  journeysOf(payments).filter(({ kmPerHour }) => kmPerHour > FLIGHT_KM_PER_HOUR)
const airTickets = new Set(['Airline', 'Travel agency'])

describe('a body is in one city', () => {
  test('no two payments in person are further apart than an aircraft goes', () => {
    const all = [...byCustomer.values()]
    expect(all.flatMap(journeysOf).length).toBeGreaterThan(1000)
    expect(all.flatMap(tooFast)).toEqual([])
  })

  test('a payment moved to another city would be noticed', () => {
    const payments = [...byCustomer.values()].find((txs) => txs.filter((tx) => tx.lat !== null).length > 40)!
    const at = payments.findIndex(
      (tx, i) =>
        i > 20 && tx.lat !== null && tx.event_time - payments[i - 1]!.event_time < HOUR_MS && payments[i - 1]!.lat,
    )
    const elsewhere = cities.find(
      (city) => distanceKm(city.lat, city.lon, payments[at]!.lat!, payments[at]!.lon!) > 900,
    )!
    const moved = payments.with(at, { ...payments[at]!, lat: elsewhere.lat, lon: elsewhere.lon })
    expect(tooFast(payments)).toEqual([])
    expect(tooFast(moved).length).toBeGreaterThan(0)
  })

  test('who is faster than a train had bought a ticket for a flight', () => {
    const fast = [...byCustomer.values()].flatMap(journeysOf).filter(({ kmPerHour, before }) => {
      return kmPerHour > TRAIN_KM_PER_HOUR && before.event_time > dayStartMs(firstDay + 30)
    })
    expect(fast.length).toBeGreaterThan(30)
    for (const { after, before } of fast) {
      const tickets = byCustomer.get(after.customer_id)!.filter((tx) => {
        const days = (after.event_time - tx.event_time) / DAY_MS
        return airTickets.has(tx.subcategory) && days > 1 && days < 31
      })
      expect(tickets.length, `${after.customer_id} from ${before.city} to ${after.city}`).toBeGreaterThan(0)
    }
  })

  test('towns far apart have time between them, whatever the vehicle', () => {
    for (const from of cities.keys()) {
      for (const to of cities.keys()) {
        if (from === to) continue
        for (const bracket of [0, 5]) {
          const vehicle = vehicleFor(from, to, bracket, 0.5)
          const hours = hoursBetween(from, to, vehicle)
          expect(hours).toBeLessThan(vehicle === vehicles.FLIGHT ? 7 : 43)
          expect(kmBetween(from, to) / hours).toBeLessThan(vehicle === vehicles.FLIGHT ? 500 : 50)
        }
      }
    }
  })
})

describe('a journey', () => {
  const people = new Population(settings, 0)
  const lives = new Lives(settings.seed, people, firstDay)
  const journeys = new Journeys(settings.seed, people, lives)
  const legs = Array.from({ length: people.count }, (_, row) =>
    Array.from({ length: 50 }, (_, i) => ({ row, day: firstDay + i, leg: journeys.legTo(row, firstDay + i) })),
  )
    .flat()
    .flatMap(({ row, day, leg }) => (leg === null || people.fabricated[row] === 1 ? [] : [{ row, day, ...leg }]))
  const paymentsOf = (row: number) => byCustomer.get(`CUST${String(people.number[row]).padStart(7, '0')}`) ?? []

  test('is gone by train or by air, further by air and by those who earn more', () => {
    const flights = legs.filter(({ vehicle }) => vehicle === vehicles.FLIGHT)
    expect(flights.length / legs.length).toBeGreaterThan(0.1)
    expect(flights.length / legs.length).toBeLessThan(0.5)
    const mean = (some: typeof legs, of: (leg: (typeof legs)[number]) => number) =>
      some.reduce((sum, leg) => sum + of(leg), 0) / some.length
    const trains = legs.filter(({ vehicle }) => vehicle === vehicles.TRAIN)
    expect(mean(flights, ({ from, to }) => kmBetween(from, to))).toBeGreaterThan(
      1.2 * mean(trains, ({ from, to }) => kmBetween(from, to)),
    )
    expect(mean(flights, ({ row }) => people.bracket[row]!)).toBeGreaterThan(
      mean(trains, ({ row }) => people.bracket[row]!) + 0.3,
    )
  })

  test('has no payments under way, and some right before and after', () => {
    let beside = 0
    for (const { row, day, leaveMs, arriveMs } of legs) {
      const [leave, arrive] = [dayStartMs(day) + leaveMs, dayStartMs(day) + arriveMs]
      for (const { event_time: at } of paymentsOf(row)) {
        expect(at < leave || at >= arrive, `customer ${people.number[row]}, day ${day}`).toBe(true)
        if ((at >= leave - 1.5 * HOUR_MS && at < leave) || (at >= arrive && at < arrive + HOUR_MS)) beside++
      }
    }
    expect(beside / legs.length).toBeGreaterThan(0.8)
  })

  test('has its ticket days before, at a price for its length, or for twice its length by air', () => {
    const later = legs.filter(({ day }) => day > firstDay + 30)
    expect(later.length).toBeGreaterThan(300)
    for (const { row, day, from, to, vehicle } of later) {
      const kinds = vehicle === vehicles.FLIGHT ? airTickets : new Set(['Rail booking'])
      const km = kmBetween(from, to)
      const [least, most] =
        vehicle === vehicles.FLIGHT ? [900 + 1.2 * km, 2 * (6500 + 6 * km)] : [40 + 0.4 * km, 600 + 4 * km]
      const tickets = paymentsOf(row).filter((tx) => {
        const daysBefore = day - simulatedDay(tx.event_time)
        const rupees = tx.amount_minor / 100
        return kinds.has(tx.subcategory) && daysBefore >= 2 && daysBefore <= 30 && rupees >= least && rupees <= most
      })
      expect(tickets.length, `customer ${people.number[row]}, day ${day}, ${km} km`).toBeGreaterThan(0)
    }
  })

  test('leads from where payments are made before it to where they are made after it', () => {
    let before = 0
    for (const { row, day, from, to, leaveMs, arriveMs } of legs) {
      const today = paymentsOf(row).filter((tx) => tx.lat !== null && simulatedDay(tx.event_time) === day)
      for (const tx of today) {
        const ms = tx.event_time - dayStartMs(day)
        if (ms < leaveMs) before++
        expect(cityIndex(tx.city)).toBe(ms < leaveMs ? from : to)
        expect(ms < leaveMs || ms >= arriveMs).toBe(true)
      }
    }
    expect(before).toBeGreaterThan(100)
  })
})
