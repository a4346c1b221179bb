import { describe, expect, test } from 'vitest'
import { LedgerCheck } from '#infra/ledger/check.ts'
import type { Transaction } from '#schemas/types.ts'
import { fraudTypes } from '#services/fraud-injector/fraud-types.ts'
import { FabricatedCustomers } from '#services/market/fabricated.ts'
import { customerNumber } from '#services/market/identifiers.ts'
import { signedAmountMinor } from '#services/market/statement.ts'
import { DAY_MS, HOUR_MS } from '#services/time.ts'
import {
  type CampaignRecords,
  campaignWorld,
  fraudCampaigns,
  quantile,
  twinCampaigns,
} from '../../helpers/campaigns.ts'
import { worldTransactions } from '../../helpers/genuine.ts'
import { InjectorRun, injectorSettings } from '../../helpers/injector.ts'

const row = fraudTypes.SYNTHETIC_IDENTITY
const population = { customers: 2_000, syntheticShare: 0.08 }
const seeds = ['made-up-1', 'made-up-2', 'made-up-3']
const worlds = seeds.map((seed) => ({
  run: campaignWorld('SYNTHETIC_IDENTITY', seed, 160_000, 0.03, {}, population),
  fabricated: new FabricatedCustomers(seed, population),
}))
const lives = worlds.flatMap(({ run }) => fraudCampaigns(run))
const twins = worlds.flatMap(({ run }) => twinCampaigns(run))
const inPhase = (life: CampaignRecords, phase: string): CampaignRecords =>
  life.filter(({ truth }) => truth.campaign_phase === phase)
/** Those that had time to end within the stream. */
const whole = worlds.flatMap(({ run }) => {
  const end = run.transactions.at(-1)!.event_time
  return fraudCampaigns(run).filter((life) => {
    const [first] = inPhase(life, 'bust_out')
    return first !== undefined && first.tx.event_time < end - 11 * DAY_MS
  })
})
const before = (life: CampaignRecords): CampaignRecords =>
  life.filter(({ truth }) => truth.campaign_phase !== 'bust_out')
const isPurchase = ({ tx }: CampaignRecords[number]): boolean => tx.event_type === 'AUTHORISATION'

describe('a customer whom a ring has made up', () => {
  test('never pays but as its campaign has it, and has one only', () => {
    for (const { run, fabricated } of worlds) {
      const campaigns = fraudCampaigns(run)
      expect(campaigns.length).toBeGreaterThan(80)
      const payers = campaigns.map(([first]) => first!.tx.customer_id)
      expect(new Set(payers).size).toBe(payers.length)
      const made = ({ customer_id }: Transaction) => fabricated.ringOf(customerNumber(customer_id)) !== undefined
      expect(run.labelled.filter(({ tx, truth }) => truth.is_fraud !== made(tx))).toEqual([])
    }
  })

  test('shares home, network and 1 to 3 phones with its ring, and with nobody else', () => {
    for (const { run, fabricated } of worlds) {
      const rings = Map.groupBy(fraudCampaigns(run).flat(), ({ truth }) => truth.ring_id)
      expect(rings.size).toBeGreaterThan(5)
      const distinct = <T>(values: readonly (T | null)[]): Set<T> => new Set(values.filter((value) => value !== null))
      const others = distinct(run.labelled.filter(({ truth }) => !truth.is_fraud).map(({ tx }) => tx.device_id))
      for (const records of rings.values()) {
        const ring = fabricated.ringOf(customerNumber(records[0]!.tx.customer_id))!
        for (const { tx } of records) expect(ring.members).toContain(customerNumber(tx.customer_id))
        const phones = distinct(records.map(({ tx }) => tx.device_id))
        expect(phones.size).toBeLessThanOrEqual(3)
        for (const phone of phones) expect(others.has(phone)).toBe(false)
        expect(distinct(records.map(({ tx }) => tx.city)).size).toBe(1)
        expect(distinct(records.map(({ tx }) => tx.ip_prefix)).size).toBe(1)
        expect(distinct(records.map(({ tx }) => tx.shipping_address_hash)).size).toBeLessThanOrEqual(1)
      }
    }
  })

  test('is onboarded, nurtured, given higher limits, and busted out, in this order', () => {
    expect(whole.length).toBeGreaterThan(100)
    const order = ['onboard', 'nurture', 'limit_increase', 'bust_out']
    for (const life of whole) {
      const phases = life.map(({ truth }) => order.indexOf(truth.campaign_phase))
      expect(phases).toEqual([...phases].sort((a, b) => a - b))
      expect(new Set(phases).size).toBeGreaterThanOrEqual(3)
    }
  })

  test('may be months old where the stream begins; later ones bind their phone, and then pay the first time', () => {
    for (const { run } of worlds) {
      const first = run.transactions[0]!.event_time
      const bound = new Map(run.events.map((event) => [event.customer_id, event]))
      for (const [opening] of fraudCampaigns(run)) {
        const { tx, truth } = opening!
        if (truth.campaign_phase !== 'onboard') {
          expect(tx.event_time - first).toBeLessThan((row.nurture.beforeStreamHours + 48) * HOUR_MS)
        } else {
          expect(bound.has(tx.customer_id)).toBe(true)
          expect(Number(truth.fraud_evidence.account_age_days)).toBeLessThan(0.5)
        }
      }
    }
    const grown = lives.filter(([first]) => first!.truth.campaign_phase === 'nurture')
    expect(grown.length).toBeGreaterThan(10)
    expect(Math.max(...grown.map(([first]) => Number(first!.truth.fraud_evidence.account_age_days)))).toBeGreaterThan(4)
  })
})

describe('the nurture', () => {
  test('is of one or two payments a day: gaps vary by two thirds of their mean in the median', () => {
    const variations = whole.flatMap((life) => {
      const at = inPhase(life, 'nurture')
        .filter(isPurchase)
        .map(({ tx }) => tx.event_time)
      const gaps = at.slice(1).map((ms, i) => (ms - at[i]!) / DAY_MS)
      if (gaps.length < 6) return []
      const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
      expect(mean).toBeGreaterThan(0.45)
      expect(mean).toBeLessThan(1.1)
      return [Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length) / mean]
    })
    expect(variations.length).toBeGreaterThan(50)
    expect(quantile(variations, 0.5)).toBeGreaterThan(0.4)
    expect(quantile(variations, 0.5)).toBeLessThan(0.75)
  })

  test('grows by a tenth to a quarter a month, smoothly', () => {
    const rates = lives.flatMap((life) => {
      const byCard = inPhase(life, 'nurture').filter(({ tx }) => tx.channel === 'ECOM')
      const [first, last] = [byCard[0], byCard.at(-1)]
      if (first === undefined || last === undefined) return []
      const months = (last.tx.event_time - first.tx.event_time) / DAY_MS / row.monthDays
      if (months < 3) return []
      return [(last.tx.amount_minor / first.tx.amount_minor) ** (1 / months) - 1]
    })
    expect(rates.length).toBeGreaterThan(50)
    expect(quantile(rates, 0.5)).toBeGreaterThan(0.13)
    expect(quantile(rates, 0.5)).toBeLessThan(0.22)
    expect(Math.min(...rates)).toBeGreaterThan(0.02)
    for (const { truth } of lives.flat()) {
      const { amount_growth_rate, growth_variance } = truth.fraud_evidence
      expect(Number(amount_growth_rate)).toBeGreaterThanOrEqual(0.1)
      expect(Number(amount_growth_rate)).toBeLessThanOrEqual(0.25)
      expect(Number(growth_variance)).toBeLessThan(0.04)
    }
  })

  test('knows no income: nothing comes in but bills, on the card', () => {
    for (const { tx } of lives.flat()) {
      if (signedAmountMinor(tx) <= 0) continue
      expect(tx).toMatchObject({ event_type: 'CREDIT', payment_rail: 'CREDIT_CARD', category: 'LOANS_CARDS' })
    }
  })

  test('repays all that the card owes, within a month of what was bought', () => {
    for (const life of whole) {
      let oldestMs: number | undefined
      for (const { tx } of before(life)) {
        if (tx.payment_rail !== 'CREDIT_CARD') continue
        if (tx.event_type === 'CREDIT') {
          expect(tx.credit_utilisation).toBe(0)
          expect(tx.event_time - oldestMs!).toBeLessThan((row.monthDays + 1) * DAY_MS)
          oldestMs = undefined
        } else {
          expect(tx.credit_utilisation).toBeLessThan(0.2)
          oldestMs ??= tx.event_time
        }
      }
      expect(oldestMs).toBeUndefined()
    }
  })

  test('has each bill leave the savings account before it arrives on the card', () => {
    for (const life of whole) {
      const bills = before(life).filter(({ tx }) => tx.category === 'LOANS_CARDS')
      for (let i = 0; i < bills.length; i += 2) {
        const [paid, arrived] = [bills[i]!.tx, bills[i + 1]!.tx]
        expect([paid.event_type, arrived.event_type]).toEqual(['BILL_PAYMENT', 'CREDIT'])
        expect(arrived.amount_minor).toBe(paid.amount_minor)
        expect(arrived.event_time - paid.event_time).toBeLessThanOrEqual(20 * 60_000)
      }
    }
  })

  test('harms nobody: no loss, no report, medium severity', () => {
    for (const { run } of worlds) {
      const reported = new Set(run.reports.map((report) => report.transaction_id))
      for (const { tx, truth } of fraudCampaigns(run).flatMap(before)) {
        expect(truth).toMatchObject({ loss_minor: 0, recovered_minor: 0, fraud_severity: 'MEDIUM', is_fraud: true })
        expect(reported.has(tx.transaction_id)).toBe(false)
        expect(tx.loyalty_points_delta === 0 || tx.event_type === 'AUTHORISATION').toBe(true)
      }
    }
  })
})

test('its accounts are true to the rules of a ledger, from the first record on', () => {
  const checked = worlds.map(({ run }) => {
    // The same customers live in every world.
    const ledger = new LedgerCheck()
    for (const { tx } of fraudCampaigns(run).flat()) ledger.check(tx)
    expect(ledger.examples).toEqual([])
    return ledger.checked
  })
  expect(checked.reduce((sum, { STATEMENT }) => sum + STATEMENT, 0)).toBeGreaterThan(5_000)
  expect(checked.reduce((sum, { UTILISATION }) => sum + UTILISATION, 0)).toBeGreaterThan(3_000)
})

describe('the bust-out', () => {
  test('follows one to three raised limits', () => {
    for (const { run } of worlds) {
      const raised = Map.groupBy(
        run.events.filter(({ event_type }) => event_type === 'LIMIT_RAISED'),
        ({ customer_id }) => customer_id,
      )
      for (const life of whole) {
        if (!run.transactions.includes(life[0]!.tx)) continue
        const events = raised.get(life[0]!.tx.customer_id)!
        expect(events.length).toBeLessThanOrEqual(3)
        expect(inPhase(life, 'limit_increase').filter(isPurchase)).toHaveLength(events.length)
        for (const { event_time } of events) {
          expect(event_time).toBeLessThan(inPhase(life, 'bust_out')[0]!.tx.event_time)
        }
      }
    }
  })

  test('uses the limit up within 2 to 10 days, by 6 to 25 payments several times as large', () => {
    for (const life of whole) {
      const bust = inPhase(life, 'bust_out')
      expect(bust.length).toBeGreaterThanOrEqual(4)
      expect(bust.length).toBeLessThanOrEqual(25)
      expect(bust.at(-1)!.tx.event_time - bust[0]!.tx.event_time).toBeLessThan(11 * DAY_MS)
      expect(bust.at(-1)!.tx.credit_utilisation).toBeGreaterThan(0.9)
      const usual = before(life).filter(({ tx }) => tx.channel === 'ECOM')
      if (usual.length === 0) continue
      const most = Math.max(...usual.map(({ tx }) => tx.amount_minor))
      expect(
        quantile(
          bust.map(({ tx }) => tx.amount_minor),
          0.5,
        ),
      ).toBeGreaterThan(2.5 * most)
    }
    const losses = whole.map((life) => life.reduce((sum, { truth }) => sum + truth.loss_minor / 100, 0))
    expect(quantile(losses, 0.5)).toBeGreaterThan(130_000)
    expect(quantile(losses, 0.5)).toBeLessThan(300_000)
  })

  test('is written off 11 to 50 days after it began, a month of its life being three days, but not before it is over', () => {
    for (const life of lives) {
      const bust = inPhase(life, 'bust_out')
      for (const { truth } of bust) {
        expect(truth).toMatchObject({ actor_role: 'CUSTOMER', authorised_by_customer: true })
        expect(['HIGH', 'CRITICAL']).toContain(truth.fraud_severity)
        expect(['FAKE_KYC', 'DIGITAL_LENDING_STACKING']).toContain(truth.modus_operandi)
        const days = (truth.report_time! - bust[0]!.tx.event_time) / DAY_MS
        expect(days).toBeGreaterThanOrEqual(11)
        expect(days).toBeLessThanOrEqual(51)
      }
    }
  })
})

test('payments are coordinated from the third member on who has paid within 24 hours', () => {
  for (const { run } of worlds) {
    const frauds = run.labelled.filter(({ truth }) => truth.is_fraud)
    frauds.forEach(({ tx, truth }, i) => {
      const members = new Set([tx.customer_id])
      for (let j = i - 1; j >= 0 && frauds[j]!.tx.event_time > tx.event_time - DAY_MS; j--) {
        if (frauds[j]!.truth.ring_id === truth.ring_id) members.add(frauds[j]!.tx.customer_id)
      }
      expect(truth.combination).toBe(members.size >= 3 ? 'COORDINATED' : 'NONE')
    })
    const kinds = new Set(frauds.map(({ truth }) => truth.combination))
    expect(kinds.size).toBe(2)
  }
})

describe('among others', () => {
  const settings = {
    ...injectorSettings('used up', { rate: 0.03, mix: { SYNTHETIC_IDENTITY: 0.3, VELOCITY_ABUSE: 1 } }),
    population: { ...injectorSettings('used up').population, customers: 800, syntheticShare: 0.02 },
  }
  const genuine = worldTransactions(settings, 60_000)
  const run = new InjectorRun(settings)
  for (const tx of genuine) run.genuine(tx)

  test('other types take over once all are used up, so that the rate is kept', () => {
    const available = new FabricatedCustomers('used up', settings.population).inPartition(0, 1)
    expect(available.length).toBeGreaterThan(5)
    expect(run.totals.newcomers).toBe(available.length)
    expect(run.totals.byType.VELOCITY_ABUSE).toBeGreaterThan(900)
    expect(Math.abs(run.totals.fraud / run.totals.transactions / 0.03 - 1)).toBeLessThan(0.15)
  })

  test('a restart anywhere changes nothing', () => {
    const sent = (each: (run: InjectorRun, i: number) => void): InjectorRun => {
      const again = new InjectorRun(settings, { keepText: true })
      genuine.slice(0, 12_000).forEach((tx, i) => {
        again.genuine(tx)
        each(again, i)
      })
      return again
    }
    const undisturbed = sent(() => {})
    expect(undisturbed.totals.newcomers).toBeGreaterThan(5)
    expect(sent((again, i) => i % 709 === 0 && again.restart()).sent).toEqual(undisturbed.sent)
  }, 30_000)
})

describe('its innocent doubles', () => {
  test('are flat-mates new to credit, whose genuine payments come from one phone for a while', () => {
    expect(twins.length).toBeGreaterThan(200)
    for (const { run } of worlds) {
      const genuine = new Map(run.transactions.map((tx) => [tx.transaction_id, tx]))
      const sharers = Map.groupBy(twinCampaigns(run), ([first]) => first!.tx.device_id)
      for (const [phone, campaigns] of sharers) {
        expect(new Set(campaigns.flat().map(({ tx }) => tx.device_id))).toEqual(new Set([phone]))
        expect(new Set(campaigns.map(([first]) => first!.truth.ring_id)).size).toBe(1)
      }
      const sizes = [...sharers.values()].map((campaigns) => new Set(campaigns.map(([r]) => r!.tx.customer_id)).size)
      expect(quantile(sizes, 0.5)).toBeGreaterThanOrEqual(3)
      expect(genuine.size).toBe(run.transactions.length)
      expect(run.totals.transactions).toBe(run.totals.consumed + fraudCampaigns(run).flat().length)
    }
    for (const { tx, truth } of twins.flat()) {
      expect(truth).toMatchObject({ is_fraud: false, benign_twin_of: 'SYNTHETIC_IDENTITY', loss_minor: 0 })
      expect(tx.credit_utilisation).toBeNull()
      expect(['QR', 'MOBILE_APP']).toContain(tx.channel)
    }
  })

  test('bind the phone before they pay from it', () => {
    for (const { run } of worlds) {
      const bound = new Set(
        run.events.filter((event) => event.event_type === 'DEVICE_BOUND').map((e) => `${e.customer_id}/${e.device_id}`),
      )
      for (const [first] of twinCampaigns(run)) {
        expect(bound.has(`${first!.tx.customer_id}/${first!.tx.device_id}`)).toBe(true)
      }
    }
  })
})
