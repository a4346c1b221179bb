import { describe, expect, test } from 'vitest'
import { type Invariant, LedgerCheck } from '#infra/ledger/check.ts'
import type { CustomerEvent, Transaction } from '#schemas/types.ts'
import { methods } from '#services/fraud-injector/registry.ts'
import { limits } from '#services/market/limits.ts'
import { signedAmountMinor } from '#services/market/statement.ts'
import { DAY_MS } from '#services/time.ts'
import { GenuineCustomer, NOON_MS, worldTransactions } from '../helpers/genuine.ts'
import { InjectorRun, injectorSettings, type Labelled } from '../helpers/injector.ts'

const SEEDS = ['beas', 'jhelum', 'ravi', 'sutlej']
const RECORDS = 25_000
/** Some three weeks, so that the longest campaigns come to their end; and fabricated customers enough. */
const population = { customers: 500, syntheticShare: 0.08 }

/** What is broken by the definition of a type, or of its innocent double, and by nothing else of it. */
const byDefinition: Readonly<Record<string, Partial<Record<Invariant, string>>>> = {
  ACCOUNT_TAKEOVER: { TRAVEL: 'the attacker’s phone is in another city' },
  CARD_CLONING: { TRAVEL: 'a counterfeit, or the card of somebody in the family, is used far away from the owner' },
  STOLEN_CARD: { TRAVEL: 'the thief is in another city while the owner pays at home' },
  MULE_ACCOUNT: { TRAVEL: 'cash is drawn where the ring is' },
  MERCHANT_COLLUSION: { TRAVEL: 'a shop rings up sales to who is not there' },
  REFUND_FRAUD: { REFUND: 'more than was paid, to another account, or of nothing that was sold' },
}

/**
 * What customers do themselves is made where they were last seen, or at shops chosen days ahead: now and then they are on
 * their way by then, and nobody tells the injector. At the most this share of inserted payments that have a place.
 */
const STRAYS_MAX = 0.01

const worlds = SEEDS.map((seed) => {
  const base = injectorSettings(seed)
  const settings = { ...base, population: { ...base.population, ...population } }
  const genuine = worldTransactions(settings, RECORDS)
  return { settings, genuine, ids: new Set(genuine.map((tx) => tx.transaction_id)) }
})

interface Broken {
  readonly invariant: Invariant
  readonly record: Labelled
  /** The customer's last record before it that tells where it was made. */
  readonly before: Labelled | undefined
  readonly detail: string
}

/** Of a fraud, or of its innocent double. */
const isMeant = ({ truth }: Labelled): boolean => truth.is_fraud || truth.benign_twin_of !== null

/** Holds a stream to the ledger's rules, record by record. */
function brokenIn(records: readonly Labelled[]): Broken[] {
  const check = new LedgerCheck()
  const placed = new Map<string, Labelled>()
  const found: Broken[] = []
  for (const record of records) {
    const { tx } = record
    const counts = { ...check.counts }
    check.check(tx)
    for (const name of Object.keys(counts) as Invariant[]) {
      if (check.counts[name] === counts[name]) continue
      const detail = `${name} ${tx.transaction_id} ${record.truth.campaign_phase} ${tx.payment_rail} ${tx.channel}`
      found.push({ invariant: name, record, before: placed.get(tx.customer_id), detail })
    }
    if (tx.lat !== null) placed.set(tx.customer_id, record)
  }
  return found
}

/** Paise over what UPI may move in the first 24 hours of a phone, for each that has moved more. */
function overFirstDay(records: readonly Transaction[], events: readonly CustomerEvent[]): number[] {
  const bound = new Map(
    events
      .filter(({ event_type }) => event_type === 'DEVICE_BOUND')
      .map((event) => [`${event.customer_id}/${event.device_id}`, { fromMs: event.event_time, minor: 0 }]),
  )
  for (const tx of records) {
    const phone = bound.get(`${tx.customer_id}/${tx.device_id}`)
    const first = phone !== undefined && tx.event_time >= phone.fromMs && tx.event_time < phone.fromMs + DAY_MS
    if (first && tx.payment_rail === 'UPI') phone.minor += Math.max(0, -signedAmountMinor(tx))
  }
  return [...bound.values()].map(({ minor }) => minor - limits.upiNewDeviceDayMinor).filter((over) => over > 0)
}

describe.each(methods.map(({ type }) => type))('of %s', (type) => {
  const runs = worlds.map(({ settings, genuine, ids }) => {
    const fraud = { ...settings.fraud, rate: 0.05, mix: { [type]: 1 }, combinations: 0, anomalyRate: 0 }
    const run = new InjectorRun({ ...settings, fraud })
    for (const tx of genuine) run.genuine(tx)
    const placed = run.transactions.filter((tx) => tx.lat !== null && !ids.has(tx.transaction_id))
    return { run, broken: brokenIn(run.labelled), placed: placed.length }
  })
  const allowed = byDefinition[type] ?? {}

  test('nothing breaks a rule of ledger, rail or travel but as its definition says', () => {
    const frauds = runs.reduce((sum, { run }) => sum + run.totals.fraud, 0)
    expect(frauds).toBeGreaterThan(400)
    let strays = 0
    for (const { invariant, record, before, detail } of runs.flatMap(({ broken }) => broken)) {
      const meant = isMeant(record) || (invariant === 'TRAVEL' && before !== undefined && isMeant(before))
      if (invariant in allowed && meant) continue
      if (invariant !== 'TRAVEL') expect.fail(detail)
      strays++
    }
    const placed = runs.reduce((sum, each) => sum + each.placed, 0)
    expect(strays).toBeLessThanOrEqual(STRAYS_MAX * placed)
  })

  test('what the definition breaks does come about', () => {
    const seen = new Set(runs.flatMap(({ broken }) => broken.map(({ invariant }) => invariant as string)))
    for (const name of Object.keys(allowed)) expect(seen).toContain(name)
  })

  test('a phone moves no more by UPI on its first day than it may', () => {
    for (const { run } of runs) expect(overFirstDay(run.transactions, run.events)).toEqual([])
  })
})

test('a phone that moves too much on its first day would be noticed', () => {
  const customer = new GenuineCustomer(7, 100_000)
  const most = limits.upiNewDeviceDayMinor / 100
  const payments = [customer.pay(NOON_MS, most), customer.pay(NOON_MS + DAY_MS, most)]
  const bound = {
    event_id: 'E',
    customer_id: customer.id,
    event_type: 'DEVICE_BOUND',
    event_time: NOON_MS,
    device_id: payments[0]!.device_id,
    details: {},
    intended_at: null,
  } as const
  expect(overFirstDay(payments, [bound])).toEqual([])
  expect(overFirstDay([...payments, customer.pay(NOON_MS + 2, 3)], [bound])).toEqual([300])
})
