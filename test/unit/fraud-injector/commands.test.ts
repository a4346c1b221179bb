import { describe, expect, test } from 'vitest'
import type { Control } from '#schemas/types.ts'
import { INJECTOR } from '#services/fraud-injector/dials.ts'
import { requestKey } from '#services/fraud-injector/requests.ts'
import { customerNumber } from '#services/market/identifiers.ts'
import { DAY_MS, MINUTE_MS } from '#services/time.ts'
import { worldTransactions } from '../../helpers/genuine.ts'
import { InjectorRun, injectorSettings } from '../../helpers/injector.ts'

const command = (wish: Pick<Control, 'command'> & Partial<Control>): Control => ({
  target: 'FRAUD_INJECTOR',
  number: null,
  text: null,
  customer_id: null,
  ...wish,
})
const turn = (settings: object): Control => command({ command: 'SETTINGS', text: JSON.stringify(settings) })
const start = (type: string, customer_id: string | null = null): Control =>
  command({ command: 'START_CAMPAIGN', text: type, customer_id })

const settings = injectorSettings('commands', { rate: 0 })
const genuine = worldTransactions(settings, 60_000)
const half = genuine.length / 2

/** A run in which commands come when half of the records have. */
function commanded(order: (run: InjectorRun) => void, restarts = false): InjectorRun {
  const run = new InjectorRun(settings, { keepText: true })
  genuine.forEach((tx, i) => {
    if (i === half) order(run)
    if (restarts && i % 20_000 === 0) run.restart()
    run.genuine(tx)
  })
  return run
}

const campaignsOf = (run: InjectorRun): Set<string> =>
  new Set(run.truths.filter(({ is_fraud }) => is_fraud).map(({ campaign_id }) => campaign_id!))

describe('settings by command', () => {
  test('hold from then on: without them there is no fraud in this world', () => {
    // A type whose campaigns take minutes: what is planned has happened within these days.
    const quick = turn({ rate: 0.02, mix: { VELOCITY_ABUSE: 1 } })
    const run = commanded((its) => expect(its.control(INJECTOR, quick)).toEqual([]))
    const from = run.truths.findIndex(({ is_fraud }) => is_fraud)
    const commandAt = run.transactions.findIndex((tx) => tx.transaction_id === genuine[half]!.transaction_id)
    expect(from).toBeGreaterThanOrEqual(commandAt)
    const share = run.totals.fraud / (run.totals.transactions - commandAt)
    expect(share).toBeGreaterThan(0.016)
    expect(share).toBeLessThan(0.024)
  })

  test('end when they are taken back', () => {
    const run = commanded((its) => {
      its.control(INJECTOR, turn({ rate: 1 }))
      its.control(INJECTOR, null)
    })
    expect(run.totals.fraud).toBe(0)
  })

  test('change the mix, and leave the rest as the scenario has it', () => {
    const run = commanded((its) => its.control(INJECTOR, turn({ rate: 0.02, mix: { TRANSACTION_REPLAY: 1 } })))
    expect(Object.keys(run.totals.byType)).toEqual(['TRANSACTION_REPLAY'])
  })

  test('put payments out of order, and lose some, from then on', () => {
    const run = commanded((its) => its.control(INJECTOR, turn({ disorder: { late: 0.1, dropped: 0.1 } })))
    const { faults, transactions } = run.totals
    expect(Object.keys(faults).sort()).toEqual(['DROPPED', 'LATE'])
    expect((2 * faults.DROPPED!) / transactions).toBeGreaterThan(0.09)
    expect((2 * faults.DROPPED!) / transactions).toBeLessThan(0.11)
  })

  test.each<[string, Control, string]>([
    ['a value out of range', turn({ difficulty: 3 }), 'difficulty: expected 1 or less, came 3'],
    ['a misspelt name', turn({ dificulty: 1 }), 'did you mean difficulty?'],
    ['what is no JSON', command({ command: 'SETTINGS', text: 'rate' }), 'text: expected settings of fraud as JSON'],
    ['a command of the producer', command({ command: 'PAUSE' }), 'command: expected SETTINGS, came PAUSE'],
  ])('are refused for %s, and what was in force stays so', (_what, control, mistake) => {
    const run = new InjectorRun(settings)
    run.control(INJECTOR, turn({ rate: 0.5 }))
    expect(run.control(INJECTOR, control).join()).toContain(mistake)
    expect(run.totals.override).toEqual({ rate: 0.5 })
  })

  test('for the producer are none of the injector’s business', () => {
    const run = new InjectorRun(settings)
    expect(run.control('PRODUCER', command({ command: 'RATE', number: 5 }))).toEqual([])
    expect(run.totals.override).toBeNull()
  })
})

describe('a campaign asked for', () => {
  const victim = genuine.slice(0, half).find((tx) => tx.payment_rail === 'UPI' && tx.event_type === 'TRANSFER')!
  const wanted = requestKey('a1')

  test('begins with a payment of that customer, at a rate of nothing', () => {
    const run = commanded((its) => its.control(wanted, start('ACCOUNT_TAKEOVER', victim.customer_id)))
    const frauds = run.labelled.filter(({ truth }) => truth.is_fraud)
    expect(campaignsOf(run).size).toBe(1)
    for (const { tx, truth } of frauds) {
      expect(tx.customer_id).toBe(victim.customer_id)
      expect(tx.event_time).toBeGreaterThan(genuine[half]!.event_time)
      expect(truth.fraud_type).toBe('ACCOUNT_TAKEOVER')
    }
  })

  test('with a modus operandi begins at once, and in that way', () => {
    const swaps = commanded((its) => its.control(wanted, start('ACCOUNT_TAKEOVER/SIM_SWAP', victim.customer_id)))
    const frauds = swaps.labelled.filter(({ truth }) => truth.is_fraud)
    expect(frauds.length).toBeGreaterThan(0)
    expect(new Set(frauds.map(({ truth }) => truth.modus_operandi))).toEqual(new Set(['SIM_SWAP']))
    const next = genuine.slice(half).filter((tx) => tx.customer_id === victim.customer_id)
    const begun = frauds[0]!.truth.compromise_time! - MINUTE_MS
    expect(next.slice(0, 20).map(({ event_time }) => event_time)).toContain(begun)
  })

  test('of nobody in particular begins within the next minutes, and is seen within a day', () => {
    const run = commanded((its) => its.control(wanted, start('STOLEN_CARD')))
    const [first] = run.labelled.filter(({ truth }) => truth.is_fraud)
    expect(first!.tx.event_time).toBeLessThan(genuine[half]!.event_time + DAY_MS)
    expect(run.totals.campaigns).toEqual({ STOLEN_CARD: 1 })
    expect(run.totals.requests).toEqual({ waiting: [], done: ['a1'] })
  })

  test('twice is two, and one once is one, also after restarts', () => {
    const order = (its: InjectorRun): void => {
      its.control(wanted, start('STOLEN_CARD'))
      its.control(requestKey('a2'), start('STOLEN_CARD'))
    }
    const run = commanded(order)
    expect(run.totals.campaigns).toEqual({ STOLEN_CARD: 2 })
    expect(commanded(order, true).sent).toEqual(run.sent)
  }, 60_000)

  test('does not begin once it is taken back', () => {
    const run = commanded((its) => {
      its.control(wanted, start('STOLEN_CARD'))
      its.control(wanted, null)
    })
    expect(run.totals.fraud).toBe(0)
  })

  test('is refused with all mistakes', () => {
    const run = new InjectorRun(settings)
    expect(run.control(wanted, start('CARD_CLONNING', 'CUST9999999'))).toEqual([
      expect.stringMatching(/^text: expected one of .*CARD_CLONING.*, came "CARD_CLONNING"$/),
      'customer_id: expected one from CUST0000001 to CUST0005000, came "CUST9999999"',
    ])
    expect(run.control(wanted, start('ACCOUNT_TAKEOVER/SIM_SWOP')).join()).toMatch(
      /^text: expected one of SIM_SWAP, .* after ACCOUNT_TAKEOVER\/, came "SIM_SWOP"$/,
    )
    expect(run.control(wanted, start('STOLEN_CARD/LOST_CARD')).join()).toContain('expected nothing after STOLEN_CARD')
    expect(run.totals.requests.waiting).toEqual([])
    expect(customerNumber(victim.customer_id)).toBeGreaterThan(0)
  })
})
