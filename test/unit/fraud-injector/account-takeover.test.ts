import { describe, expect, test } from 'vitest'
import type { CustomerEvent } from '#schemas/types.ts'
import { DAY_MS, HOUR_MS, hourIst, MINUTE_MS } from '#services/time.ts'
import {
  type CampaignRecords,
  campaignWorld,
  fraudCampaigns,
  gapsMs,
  quantile,
  twinCampaigns,
} from '../../helpers/campaigns.ts'

const runs = ['takeover-1', 'takeover-2', 'takeover-3'].map((seed) => campaignWorld('ACCOUNT_TAKEOVER', seed, 15_000))
const eventsBy = new Map<CampaignRecords, readonly CustomerEvent[]>()
const takeovers = runs.flatMap((run) =>
  fraudCampaigns(run).map((campaign) => {
    eventsBy.set(campaign, run.events)
    return campaign
  }),
)
const twins = runs.flatMap(twinCampaigns)

const phase = (campaign: CampaignRecords, name: string): CampaignRecords =>
  campaign.filter(({ truth }) => truth.campaign_phase === name)
const approved = (campaign: CampaignRecords): CampaignRecords =>
  campaign.filter(({ tx }) => tx.status_response.status === 'APPROVED')
const drains = takeovers.map((campaign) => phase(campaign, 'drain'))

/** Malware and those who talk victims into remote access act through the victim's phone; the others bind their own. */
const onOwnDevice: ReadonlySet<string> = new Set(['REMOTE_ACCESS_APP', 'MALWARE_APK', 'CUSTOMER_CARE_IMPERSONATION'])
const isOwn = ([first]: CampaignRecords): boolean => onOwnDevice.has(first!.truth.modus_operandi)
const ownDevice = takeovers.filter(isOwn)
const strangers = takeovers.filter((campaign) => !isOwn(campaign))
const runOf = (campaign: CampaignRecords): number => runs.findIndex(({ events }) => events === eventsBy.get(campaign))
/** Run, customer and device of all payments that belong to no fraud. */
const devices = new Set(
  runs.flatMap(({ labelled }, run) =>
    labelled.filter(({ truth }) => !truth.is_fraud).map(({ tx }) => `${run}/${tx.customer_id}/${tx.device_id}`),
  ),
)

/** What the attacker did to the account before the first payment. */
const eventsOf = (campaign: CampaignRecords): CustomerEvent[] =>
  eventsBy
    .get(campaign)!
    .filter(
      ({ customer_id, event_time }) =>
        customer_id === campaign[0]!.tx.customer_id &&
        event_time >= campaign[0]!.truth.compromise_time! &&
        event_time <= campaign[0]!.tx.event_time,
    )

describe('an account taken over', () => {
  test('has a new device bound and its PIN reset before the first payment, after a SIM change if that was the way', () => {
    expect(strangers.length).toBeGreaterThan(50)
    for (const campaign of strangers) {
      const types = eventsOf(campaign).map(({ event_type }) => event_type)
      const swapped = campaign[0]!.truth.modus_operandi === 'SIM_SWAP'
      expect(types.slice(0, swapped ? 3 : 2)).toEqual([
        ...(swapped ? ['SIM_CHANGED'] : []),
        'DEVICE_BOUND',
        'PIN_RESET',
      ])
      const bound = eventsOf(campaign).find(({ event_type }) => event_type === 'DEVICE_BOUND')!
      for (const { tx } of campaign) expect(tx.device_id).toBe(bound.device_id)
    }
  })

  test('by remote access, malware or a call is used from the device that the victim pays with, and binds none', () => {
    expect(ownDevice.length).toBeGreaterThan(75)
    for (const campaign of ownDevice) {
      const events = eventsOf(campaign)
      expect(events[0]!.event_type).toBe('PIN_RESET')
      expect(events.map(({ event_type }) => event_type)).not.toContain('DEVICE_BOUND')
      for (const { customer_id, device_id } of events)
        expect(devices.has(`${runOf(campaign)}/${customer_id}/${device_id}`)).toBe(true)
      for (const { tx, truth } of campaign) {
        expect(devices.has(`${runOf(campaign)}/${tx.customer_id}/${tx.device_id}`)).toBe(true)
        expect(truth.fraud_evidence.new_device).toBe('none')
      }
    }
  })

  test('pays payees that were added just before, 1 to 5 of them, or buys goods by card or net banking', () => {
    for (const campaign of takeovers) {
      const added = eventsOf(campaign).filter(({ event_type }) => event_type === 'PAYEE_ADDED')
      const payees = added.map(({ details }) => details.payee_id)
      if (campaign[0]!.tx.event_type !== 'TRANSFER') {
        expect(['CREDIT_CARD', 'NET_BANKING']).toContain(campaign[0]!.tx.payment_rail)
        continue
      }
      expect(payees.length).toBeGreaterThanOrEqual(1)
      expect(payees.length).toBeLessThanOrEqual(5)
      for (const { tx } of campaign) expect(payees).toContain(tx.payee_id)
    }
  })

  test('is probed once or twice with 1 to 100 rupees, 2 minutes to a day after the takeover', () => {
    for (const campaign of takeovers) {
      const probes = phase(campaign, 'probe')
      expect(probes.length).toBeGreaterThanOrEqual(1)
      expect(probes.length).toBeLessThanOrEqual(2)
      for (const { tx } of probes) expect(tx.amount_minor).toBeLessThanOrEqual(10_000)
      const waited = probes[0]!.tx.event_time - probes[0]!.truth.compromise_time!
      expect(waited).toBeGreaterThan(2 * MINUTE_MS)
      expect(waited).toBeLessThan(DAY_MS + HOUR_MS)
    }
  })

  test('is then drained in up to 12 payments, minutes apart, of 3 to 10 times the own mean where limits allow', () => {
    const counts = drains.map(({ length }) => length)
    expect(Math.max(...counts)).toBeLessThanOrEqual(12)
    expect(counts.reduce((sum, count) => sum + count, 0) / counts.length).toBeGreaterThan(3)
    for (const gap of drains.flatMap(gapsMs)) {
      expect(gap).toBeGreaterThanOrEqual(0.5 * MINUTE_MS)
      expect(gap).toBeLessThanOrEqual(HOUR_MS)
    }
    const multiples = approved(drains.flat()).map(({ truth }) => Number(truth.fraud_evidence.amount_multiplier))
    expect(Math.max(...multiples)).toBeLessThan(11.5)
    expect(quantile(multiples, 0.25)).toBeGreaterThan(2.7)
    expect(quantile(multiples, 0.5)).toBeGreaterThan(4)
  })

  test('moves at the most 5,000 rupees by UPI in the first 24 hours of the new device', () => {
    for (const campaign of strangers) {
      const bound = eventsOf(campaign).find(({ event_type }) => event_type === 'DEVICE_BOUND')!
      const early = approved(campaign).filter(
        ({ tx }) => tx.payment_rail === 'UPI' && tx.event_time < bound.event_time + DAY_MS,
      )
      expect(early.reduce((sum, { tx }) => sum + tx.amount_minor, 0)).toBeLessThanOrEqual(500_000)
    }
  })

  test('happens by day for two thirds, but a stolen number mostly by night', () => {
    const byDay = (swapped: boolean): number => {
      const starts = takeovers
        .map(([first]) => first!.truth)
        .filter(({ modus_operandi }) => (modus_operandi === 'SIM_SWAP') === swapped)
        .map(({ compromise_time }) => hourIst(compromise_time!))
      return starts.filter((hour) => hour >= 7 && hour < 19).length / starts.length
    }
    expect(byDay(false)).toBeGreaterThan(0.57)
    expect(byDay(false)).toBeLessThan(0.77)
    expect(byDay(true)).toBeLessThan(0.5)
  })

  test('cuts the customer off UPI when the SIM was swapped: own attempts fail, and are no fraud', () => {
    const cutOff = runs.flatMap(({ labelled }) => labelled.filter(({ truth }) => truth.actor_role === 'VICTIM'))
    expect(cutOff.length).toBeGreaterThan(0)
    for (const { tx, truth } of cutOff) {
      expect(truth.is_fraud).toBe(false)
      expect(tx.status_response).toEqual({ status: 'DECLINED', response_code: 'B1' })
    }
  })

  test('its truth names method, evidence, loss and the moment of the takeover', () => {
    const methods = ['SIM_SWAP', 'OTP_PHISHING', 'REMOTE_ACCESS_APP', 'MALWARE_APK', 'CUSTOMER_CARE_IMPERSONATION']
    for (const { tx, truth } of takeovers.flat()) {
      expect(methods).toContain(truth.modus_operandi)
      expect(truth).toMatchObject({
        fraud_type: 'ACCOUNT_TAKEOVER',
        actor_role: 'ATTACKER',
        authorised_by_customer: false,
      })
      expect(truth.loss_minor).toBe(tx.status_response.status === 'APPROVED' ? tx.amount_minor : 0)
      expect(truth.recovered_minor).toBeLessThanOrEqual(truth.loss_minor)
      expect(Number(truth.fraud_evidence.balance_drained_pct)).toBeLessThanOrEqual(100)
      expect(truth.fraud_evidence.new_device).toBe(onOwnDevice.has(truth.modus_operandi) ? 'none' : tx.device_id)
      expect('sim_changed_minutes_ago' in truth.fraud_evidence).toBe(truth.modus_operandi === 'SIM_SWAP')
      expect(truth.report_time).toBeGreaterThan(tx.event_time)
    }
  })
})

describe('its innocent doubles', () => {
  const rents = twins.filter(([first]) => first!.truth.campaign_phase === 'rent')
  const gifts = twins.filter(([first]) => first!.truth.campaign_phase === 'gifts')

  test('are rent to a new landlord from a new phone, mostly after a rupee or some as a test, which stays the customer’s phone', () => {
    expect(rents.length).toBeGreaterThan(30)
    let later = 0
    for (const run of runs) {
      for (const [rent] of twinCampaigns(run).filter(([first]) => first!.truth.campaign_phase === 'rent')) {
        const { customer_id, device_id, event_time } = rent!.tx
        const bound = run.events.find((event) => event.event_type === 'DEVICE_BOUND' && event.device_id === device_id)
        expect(bound!.event_time).toBeLessThan(event_time)
        later += run.transactions.filter(
          (tx) => tx.customer_id === customer_id && tx.device_id === device_id && tx.event_time > event_time,
        ).length
      }
    }
    expect(later).toBeGreaterThan(0)
    const tested = rents.filter(([first]) => first!.tx.amount_minor <= 1_000)
    expect(tested.length / rents.length).toBeGreaterThan(0.4)
    expect(tested.length / rents.length).toBeLessThan(0.8)
    for (const rent of rents) expect(new Set(rent.map(({ tx }) => tx.payee_id)).size).toBe(1)
  })

  test('are gifts of auspicious sums to friends and new acquaintances', () => {
    expect(gifts.length).toBeGreaterThan(30)
    for (const { tx, truth } of gifts.flat()) {
      expect(tx.event_type).toBe('TRANSFER')
      expect(tx.amount_minor % 1_000).toBe(100)
      expect(truth).toMatchObject({ is_fraud: false, benign_twin_of: 'ACCOUNT_TAKEOVER', authorised_by_customer: true })
    }
  })
})
