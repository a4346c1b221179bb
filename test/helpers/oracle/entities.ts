import type { FraudReport, Transaction } from '#schemas/types.ts'
import { Acquaintances, DAY, dayOf, isAttempt, isDeclined, MINUTE, partyOf, SECOND, sum } from './basics.ts'

/** What merchants, payees and devices say of a payment. */
export interface EntitySays {
  readonly declineRatio: number
  readonly payers: number
  readonly concentration: number
  readonly deviceCustomers: number
  readonly reportedRate: number
}

interface Visit {
  readonly customerId: string
  readonly second: number
}

/** A merchant or payee: attempts by minute and by day, and the newest 128, older ones first. */
interface Party {
  readonly minutes: Map<number, { attempts: number; declines: number }>
  readonly days: Map<number, number>
  latest: Visit[]
  readonly payers: Acquaintances
}

/** In which order the folds hear of payments of several partitions: by the newest time so far of each partition. */
export function asHeard(logs: readonly (readonly Transaction[])[]): Transaction[] {
  const heard = logs.flatMap((log, partition) => {
    let newest = Number.NEGATIVE_INFINITY
    return log.map((tx, arrival) => {
      newest = Math.max(newest, tx.event_time)
      return { tx, newest, partition, arrival }
    })
  })
  heard.sort((a, b) => a.newest - b.newest || a.partition - b.partition || a.arrival - b.arrival)
  return heard.map(({ tx }) => tx)
}

/** By transaction, of all attempts to pay, in the order in which they are heard of; reports in the order of their time. */
export function entityOracle(heard: readonly Transaction[], reports: readonly FraudReport[]): Map<string, EntitySays> {
  const told = Map.groupBy(reports, ({ merchant_id }) => merchant_id ?? '')
  const says = new Map<string, EntitySays>()
  const parties = new Map<string, Party>()
  const users = new Map<string, Acquaintances>()
  for (const tx of heard.filter(isAttempt)) {
    const name = partyOf(tx)
    const party = name === null ? newParty() : of(parties, name, newParty)
    says.set(tx.transaction_id, {
      declineRatio: declineRatio(party, tx),
      payers: name === null ? 0 : met(party.payers, tx),
      concentration: concentration(party, tx),
      reportedRate: reportedRate(party, told.get(tx.merchant_id ?? 'nobody') ?? [], tx),
      deviceCustomers: tx.device_id === null ? 0 : met(of(users, tx.device_id, known64), tx),
    })
  }
  return says
}

const newParty = (): Party => ({ minutes: new Map(), days: new Map(), latest: [], payers: known64() })

const known64 = () => new Acquaintances(64)

function of<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  if (!map.has(key)) map.set(key, make())
  return map.get(key)!
}

function met(customers: Acquaintances, tx: Transaction): number {
  customers.meet(tx.customer_id, tx.event_time)
  return customers.all.filter(({ last }) => last > tx.event_time - DAY).length
}

/** Of the running minute and the 59 before. */
function declineRatio({ minutes }: Party, tx: Transaction): number {
  const minute = Math.floor(tx.event_time / MINUTE)
  const now = of(minutes, minute, () => ({ attempts: 0, declines: 0 }))
  now.attempts++
  if (isDeclined(tx)) now.declines++
  const hour = Array.from({ length: 60 }, (_, ago) => minutes.get(minute - ago) ?? { attempts: 0, declines: 0 })
  return (sum(hour.map(({ declines }) => declines)) + 1) / (sum(hour.map(({ attempts }) => attempts)) + 20)
}

/** Payments that are said to be fraud at that moment, since one of 30 days, over the payments of these days and 100. */
function reportedRate({ days }: Party, told: readonly FraudReport[], tx: Transaction): number {
  const day = dayOf(tx.event_time)
  days.set(day, (days.get(day) ?? 0) + 1)
  const known = told.filter(({ report_time }) => report_time <= tx.event_time)
  const reported = [...Map.groupBy(known, ({ transaction_id }) => transaction_id).values()].filter((versions) => {
    const cleared = versions.findLastIndex(({ claimed_type }) => ['NONE', 'FRIENDLY_FRAUD'].includes(claimed_type))
    const since = versions[cleared + 1]
    return since !== undefined && dayOf(since.report_time) > day - 30
  })
  const month = Array.from({ length: 30 }, (_, ago) => days.get(day - ago) ?? 0)
  return reported.length / (sum(month) + 100)
}

/** Of the newest 128 of 7 days. */
function concentration(party: Party, tx: Transaction): number {
  const visit = { customerId: tx.customer_id, second: Math.floor(tx.event_time / SECOND) }
  party.latest = [...party.latest, visit].sort((a, b) => a.second - b.second).slice(-128)
  const newest = party.latest.at(-1)!.second
  const week = party.latest.filter(({ second }) => second > newest - (7 * DAY) / SECOND)
  const counts = new Map<string, number>()
  for (const { customerId } of week) counts.set(customerId, (counts.get(customerId) ?? 0) + 1)
  return sum([...counts.values()].map((count) => (count / week.length) ** 2))
}
