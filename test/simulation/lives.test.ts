import { describe, expect, test } from 'vitest'
import type { CustomerEvent, Transaction } from '#schemas/types.ts'
import { cities } from '#services/market/cities.ts'
import { lifeEvents } from '#services/producer/life-events.ts'
import { Lives } from '#services/producer/lives.ts'
import { occupations } from '#services/producer/occupations.ts'
import { Population } from '#services/producer/population.ts'
import { DAY_MS, simulatedDay } from '#services/time.ts'
import { scenario, simulate } from './producer-world.ts'

const START = 20_000
const YEAR = 365

describe('a year of many lives', () => {
  const people = new Population(scenario({ seed: 'lives', population: { customers: 12_000 } }), 0)
  const lives = new Lives('lives', people, START)
  const rows = Array.from({ length: people.count }, (_, row) => row)
  const eventsOf = (row: number) =>
    lives.eventDays(row, START, START + YEAR).map((day) => {
      lives.look(row, day)
      return lifeEvents[lives.today]!.id
    })
  const happened = rows.map(eventsOf)

  test.each(lifeEvents)('has $id as often as it should, among those whom it can happen to', (event) => {
    const eligible = rows.filter((row) => {
      const age = people.age[row]!
      const occupation = occupations[people.occupation[row]!]!
      return age >= event.ages[0]! && age <= event.ages[1]! && (event.occupations?.includes(occupation) ?? true)
    })
    const expected = event.ratePerYear * eligible.length
    const found = eligible.filter((row) => happened[row]!.includes(event.id)).length
    expect(eligible.length).toBeGreaterThan(0)
    // Years are cut into blocks of one event: the bounds leave room for that, and for chance.
    expect(found).toBeGreaterThan(0.8 * expected - 3 * Math.sqrt(expected))
    expect(found).toBeLessThan(1.05 * expected + 3 * Math.sqrt(expected))
  })

  test('has nothing for those whom it cannot happen to, and weddings once', () => {
    for (const row of rows) {
      if (occupations[people.occupation[row]!] === 'RETIRED') expect(happened[row]).not.toContain('JOB_CHANGE')
      if (people.age[row]! < 59) expect(happened[row]).not.toContain('RETIREMENT')
      expect(happened[row]!.filter((id) => id === 'MARRIAGE').length).toBeLessThan(2)
    }
  })

  test('is the same whatever was asked before', () => {
    const again = new Lives('lives', people, START)
    for (const row of [7, 4000, 11_999]) {
      for (const day of [START + 300, START, START + 170, START + 171]) {
        again.look(row, day)
        lives.look(row, START + 5)
        lives.look(row, day)
        const { home, income, activity, amounts, bend, today } = again
        expect({ home, income, activity, amounts, bend, today }).toEqual({
          home: lives.home,
          income: lives.income,
          activity: lives.activity,
          amounts: lives.amounts,
          bend: lives.bend,
          today: lives.today,
        })
      }
    }
  })
})

describe('on the stream', () => {
  const settings = scenario({ seed: 'lives', population: { customers: 5000 } })
  const stream = simulate(settings, 0, 60)
  const told = stream.events.filter(({ event_type }) => event_type === 'LIFE_EVENT')
  const toldOf = (id: string) => told.filter(({ details }) => details.event === id)
  const byCustomer = Map.groupBy(stream.transactions, ({ customer_id }) => customer_id)
  const daysSince = (tx: Transaction, event: CustomerEvent) =>
    simulatedDay(tx.event_time) - Date.parse(event.details.date!) / DAY_MS
  /** Payments of the customers concerned from `from` to `to` days after what happened to them. */
  const around = (events: readonly CustomerEvent[], from: number, to: number) =>
    events.flatMap((event) =>
      byCustomer.get(event.customer_id)!.filter((tx) => daysSince(tx, event) >= from && daysSince(tx, event) < to),
    )
  const share = (payments: readonly Transaction[], categories: readonly string[]) =>
    payments.filter(({ category }) => categories.includes(category)).length / payments.length
  const moved = toldOf('RELOCATION')

  test('every kind but the rarest is told, before the payments of its day', () => {
    for (const id of ['JOB_CHANGE', 'RELOCATION', 'MARRIAGE', 'CHILD_BIRTH', 'HOSPITALISATION']) {
      expect(toldOf(id).length).toBeGreaterThan(3)
    }
    const onTheDay = told.filter((event) => {
      const since = byCustomer.get(event.customer_id)!.filter((tx) => daysSince(tx, event) >= 0)
      expect(event.event_time).toBeLessThan(since[0]!.event_time)
      expect(since[0]!.event_time - event.event_time).toBeLessThanOrEqual(20 * 60_000)
      return daysSince(since[0]!, event) === 0
    })
    expect(onTheDay.length / told.length).toBeGreaterThan(0.6)
  })

  test('who moves house pays at home in the new city from that day on, and not before', () => {
    for (const event of moved) {
      const payments = byCustomer.get(event.customer_id)!
      const home = ({ location_type }: Transaction) => location_type === 'HOME' || location_type === 'NEARBY'
      for (const tx of payments.filter(home)) {
        // On the day itself the way may be still to go.
        if (daysSince(tx, event) > 0) expect(tx.city).toBe(event.details.city)
        else if (daysSince(tx, event) < 0) expect(tx.city).not.toBe(event.details.city)
      }
      const profile = stream.profiles.find((p) => p.customer_id === event.customer_id && p.timeMs === event.event_time)
      expect(profile).toMatchObject({ city: event.details.city })
      expect(cities.map(({ name }) => name)).toContain(event.details.city)
    }
  })

  test('a new job pays more, a lost one nothing for two months', () => {
    const salaries = (event: CustomerEvent, after: boolean) =>
      byCustomer
        .get(event.customer_id)!
        .filter((tx) => tx.subcategory === 'Salary' && daysSince(tx, event) >= 0 === after)
        .map((tx) => tx.amount_minor)
    const changes = toldOf('JOB_CHANGE').filter((e) => salaries(e, true).length > 0 && salaries(e, false).length > 0)
    const others = (event: CustomerEvent) => told.filter((e) => e.customer_id === event.customer_id).length > 1
    expect(changes.length).toBeGreaterThan(10)
    for (const event of changes.filter((e) => !others(e))) {
      const rise = salaries(event, true)[0]! / salaries(event, false)[0]!
      expect(rise).toBeGreaterThan(1.049)
      expect(rise).toBeLessThan(1.501)
    }
    for (const event of toldOf('JOB_LOSS')) expect(salaries(event, true)).toEqual([])
  })

  test('weddings show in what is bought, from weeks before to two weeks after', () => {
    const wedding = ['JEWELLERY', 'FASHION', 'TRAVEL']
    const during = share(around(toldOf('MARRIAGE'), -45, 15), wedding)
    const afterwards = share(around(toldOf('MARRIAGE'), 15, 60), wedding)
    expect(during).toBeGreaterThan(2 * share(stream.transactions, wedding))
    expect(during).toBeGreaterThan(2 * afterwards)
  })

  test('a stay in hospital costs a large sum on its day, and two quieter weeks', () => {
    const patients = toldOf('HOSPITALISATION').filter((event) => {
      const days = Date.parse(event.details.date!) / DAY_MS - simulatedDay(stream.transactions[0]!.event_time)
      return days >= 14 && days <= 60 - 28
    })
    expect(patients.length).toBeGreaterThan(5)
    const bills = around(patients, 0, 1).filter((tx) => tx.subcategory === 'Hospital' && tx.amount_minor > 200_000)
    expect(bills.length).toBeGreaterThan(0.6 * patients.length)
    const [during, afterwards] = [around(patients, 1, 14), around(patients, 14, 27)]
    expect(share(during, ['HEALTHCARE'])).toBeGreaterThan(2 * share(afterwards, ['HEALTHCARE']))
    expect(during.length).toBeLessThan(0.9 * afterwards.length)
  })

  test('lives are the same for any number of partitions', () => {
    const parts = [0, 1, 2].map((p) => simulate({ ...settings, partitions: 3 }, p, 5))
    const lines = (events: readonly CustomerEvent[]) =>
      events
        .filter(({ event_type, event_time }) => event_type === 'LIFE_EVENT' && event_time < fiveDays)
        .map((event) => JSON.stringify(event))
        .sort()
    const fiveDays = stream.transactions[0]!.event_time + 4.5 * DAY_MS
    const expected = lines(stream.events)
    expect(expected.length).toBeGreaterThan(5)
    expect(lines(parts.flatMap(({ events }) => events))).toEqual(expected)
  })
})
