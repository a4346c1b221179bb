import { describe, expect, test } from 'vitest'
import { limits } from '#services/market/limits.ts'
import { hourIst, MINUTE_MS } from '#services/time.ts'
import {
  type CampaignRecords,
  campaignWorld,
  fraudCampaigns,
  gapsMs,
  quantile,
  twinCampaigns,
} from '../../helpers/campaigns.ts'

const runs = ['stolen-1', 'stolen-2', 'stolen-3'].map((seed) => campaignWorld('STOLEN_CARD', seed, 40_000, 0.02))
const thefts = runs.flatMap(fraudCampaigns)
const twins = runs.flatMap(twinCampaigns)
const phase = (campaign: CampaignRecords, name: string): CampaignRecords =>
  campaign.filter(({ truth }) => truth.campaign_phase === name)
/** Those that went on until somebody noticed at home: nobody reached for the card meanwhile, which blocks it at once. */
const missed = new Set(
  runs.flatMap(({ labelled }) =>
    labelled.filter(({ truth }) => truth.actor_role === 'VICTIM').map(({ truth }) => truth.campaign_id),
  ),
)
const undisturbed = thefts.filter(([first]) => !missed.has(first!.truth.campaign_id))
const codes = (records: CampaignRecords): string[] => records.map(({ tx }) => tx.status_response.response_code)

describe('a stolen card', () => {
  test('is tapped 2 to 8 times, 12 minutes apart in the median, with 800 to 5,000 rupees and no PIN', () => {
    expect(thefts.length).toBeGreaterThan(200)
    const runsOfTaps = thefts.map((campaign) => phase(campaign, 'tap_run'))
    for (const taps of runsOfTaps) {
      expect(taps.length).toBeGreaterThanOrEqual(1)
      expect(taps.length).toBeLessThanOrEqual(8)
      for (const { tx } of taps) {
        expect(tx).toMatchObject({ channel: 'POS', pos_entry_mode: '07', authentication_method: 'NO_CVM' })
        expect(tx.amount_minor).toBeGreaterThanOrEqual(80_000)
        expect(tx.amount_minor).toBeLessThanOrEqual(limits.contactlessMinor)
      }
    }
    expect(
      quantile(
        runsOfTaps.map((taps) => taps.length),
        0.2,
      ),
    ).toBeGreaterThanOrEqual(2)
    const gaps = runsOfTaps.flatMap(gapsMs)
    expect(Math.max(...gaps)).toBeLessThanOrEqual(90 * MINUTE_MS)
    expect(quantile(gaps, 0.5)).toBeGreaterThan(9 * MINUTE_MS)
    expect(quantile(gaps, 0.5)).toBeLessThan(15 * MINUTE_MS)
  })

  test('is then guessed at, with 55 twice and 75 at the third, and tried online, where a password is asked for', () => {
    const guesses = undisturbed.map((campaign) => phase(campaign, 'pin_guess')).filter(({ length }) => length > 0)
    expect(guesses.length).toBeGreaterThan(10)
    for (const attempts of guesses) {
      expect(codes(attempts)).toEqual(['55', '55', '75'].slice(0, attempts.length))
      for (const { tx } of attempts) expect(tx.channel).toBe('ATM')
    }
    const online = undisturbed.flatMap((campaign) => phase(campaign, 'online_try'))
    expect(online.length).toBeGreaterThan(20)
    for (const { tx } of online) expect(tx.channel).toBe('ECOM')
    // Once the owner has noticed, the card is blocked before anybody is asked for a password.
    const asked = codes(online).filter((code) => code !== '59')
    expect(new Set(asked)).toEqual(new Set(['1A']))
    expect(asked.length).toBeGreaterThan(20)
  })

  test('is refused with 41 or 43 once its owner has noticed: nothing is taken after that', () => {
    const late = thefts.flatMap((campaign) => phase(campaign, 'post_block'))
    expect(late.length).toBeGreaterThan(50)
    for (const code of codes(late)) expect(['41', '43']).toContain(code)
    for (const campaign of thefts) {
      const noticedMs = campaign[0]!.truth.report_time!
      for (const { tx } of campaign) {
        if (tx.event_time >= noticedMs) expect(tx.status_response.status).toBe('DECLINED')
      }
      expect(phase(campaign, 'post_block').length).toBeLessThanOrEqual(2)
    }
  })

  test('had lain idle for some days, and is used the same day, between 10 and 23 hours at first', () => {
    const idle = thefts.map(([first]) => Number(first!.truth.fraud_evidence.inactivity_days))
    expect(Math.min(...idle)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...idle)).toBeLessThanOrEqual(32)
    expect(quantile(idle, 0.5)).toBeGreaterThan(1.5)
    expect(quantile(idle, 0.5)).toBeLessThan(6)
    for (const [first] of thefts) {
      expect(hourIst(first!.tx.event_time)).toBeGreaterThanOrEqual(10)
      expect(first!.tx.event_time - first!.truth.compromise_time!).toBeLessThan(60 * MINUTE_MS)
    }
  })

  test('is used in the city of its owner for about two thirds', () => {
    let near = 0
    for (const run of runs) {
      const genuine = run.labelled.filter(({ truth }) => truth.campaign_id === null)
      for (const [first] of fraudCampaigns(run)) {
        const { customer_id, city, event_time } = first!.tx
        const before = genuine.findLast(({ tx }) => tx.customer_id === customer_id && tx.event_time < event_time)!
        if (before.tx.city === city) near++
      }
    }
    expect(near / thefts.length).toBeGreaterThan(0.55)
    expect(near / thefts.length).toBeLessThan(0.85)
  })

  test('changes place, shop and entry only: device, account and token of the taps are the owner’s', () => {
    for (const run of runs) {
      const tokens = new Map<string, Set<string>>()
      for (const { tx, truth } of run.labelled) {
        if (truth.campaign_id !== null) continue
        const own = tokens.get(tx.customer_id) ?? new Set()
        tokens.set(tx.customer_id, own.add(`${tx.account_id}/${tx.instrument_token}`))
      }
      for (const { tx } of fraudCampaigns(run).flat()) {
        expect(tokens.get(tx.customer_id)).toContain(`${tx.account_id}/${tx.instrument_token}`)
      }
    }
  })

  test('its truth counts taps and wrong PINs', () => {
    for (const campaign of thefts) {
      campaign.forEach(({ truth }, i) => {
        const soFar = campaign.slice(0, i + 1)
        expect(Number(truth.fraud_evidence.no_cvm_streak)).toBe(phase(soFar, 'tap_run').length)
        expect(Number(truth.fraud_evidence.pin_failures)).toBe(phase(soFar, 'pin_guess').length)
        expect(truth).toMatchObject({
          fraud_type: 'STOLEN_CARD',
          actor_role: 'ATTACKER',
          authorised_by_customer: false,
        })
        expect(['LOST_CARD', 'POSTAL_INTERCEPT']).toContain(truth.modus_operandi)
      })
    }
  })

  test('the owner who reaches for it in vain is a victim, and no fraud', () => {
    const missed = runs.flatMap(({ labelled }) => labelled.filter(({ truth }) => truth.actor_role === 'VICTIM'))
    for (const { tx, truth } of missed) {
      expect(truth.is_fraud).toBe(false)
      expect(tx.status_response).toEqual({ status: 'DECLINED', response_code: '41' })
    }
  })
})

describe('its innocent doubles', () => {
  test('are a day of shopping in one city with a card that lay idle for two days and more', () => {
    expect(twins.length).toBeGreaterThan(100)
    for (const day of twins) {
      expect(new Set(day.map(({ tx }) => tx.city)).size).toBe(1)
      expect(new Set(day.map(({ tx }) => tx.instrument_token)).size).toBe(1)
      for (const { tx, truth } of day) {
        expect(truth).toMatchObject({ is_fraud: false, benign_twin_of: 'STOLEN_CARD', campaign_phase: 'shopping_day' })
        expect(tx.pos_entry_mode).toBe(tx.amount_minor <= limits.contactlessMinor ? '07' : '05')
      }
    }
  })
})
