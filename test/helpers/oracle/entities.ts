import type { Transaction } from '#schemas/types.ts'
import { Acquaintances, DAY, isAttempt, isDeclined, MINUTE, partyOf, SECOND, sum } from './basics.ts'

/** What merchants, payees and devices say of a payment. */
export interface EntitySays {
  readonly declineRatio: number
  readonly payers: number
  readonly concentration: number
  readonly deviceCustomers: number
}

interface Visit {
  readonly tx: Transaction
  readonly minute: number
  readonly second: number
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

/** By transaction, of all attempts to pay, in the order in which they are heard of. */
export function entityOracle(heard: readonly Transaction[]): Map<string, EntitySays> {
  const says = new Map<string, EntitySays>()
  const visits = new Map<string, Visit[]>()
  const payers = new Map<string, Acquaintances>()
  const users = new Map<string, Acquaintances>()
  for (const tx of heard.filter(isAttempt)) {
    const party = partyOf(tx)
    const at = party === null ? [] : of(visits, party, () => [])
    at.push({ tx, minute: Math.floor(tx.event_time / MINUTE), second: Math.floor(tx.event_time / SECOND) })
    says.set(tx.transaction_id, {
      declineRatio: declineRatio(at, tx),
      payers: party === null ? 0 : met(of(payers, party, known64), tx),
      concentration: concentration(at),
      deviceCustomers: tx.device_id === null ? 0 : met(of(users, tx.device_id, known64), tx),
    })
  }
  return says
}

const known64 = () => new Acquaintances(64)

function of<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  if (!map.has(key)) map.set(key, make())
  return map.get(key)!
}

function met(customers: Acquaintances, tx: Transaction): number {
  customers.meet(tx.customer_id, tx.event_time)
  return customers.all.filter(({ last }) => last > tx.event_time - DAY).length
}

/** Of the running minute and the 59 before. */
function declineRatio(visits: readonly Visit[], tx: Transaction): number {
  const minute = Math.floor(tx.event_time / MINUTE)
  const hour = visits.filter((visit) => visit.minute > minute - 60 && visit.minute <= minute)
  return (hour.filter((visit) => isDeclined(visit.tx)).length + 1) / (hour.length + 20)
}

/** Of the newest 128 of 7 days. */
function concentration(visits: readonly Visit[]): number {
  const newest = Math.max(...visits.map(({ second }) => second))
  const week = visits.filter(({ second }) => second > newest - (7 * DAY) / SECOND)
  const latest = [...week].sort((a, b) => a.second - b.second).slice(-128)
  const counts = new Map<string, number>()
  for (const { tx } of latest) counts.set(tx.customer_id, (counts.get(tx.customer_id) ?? 0) + 1)
  return sum([...counts.values()].map((count) => (count / latest.length) ** 2))
}
