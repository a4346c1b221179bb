import { describe, expect, test } from 'vitest'
import type { Transaction } from '#schemas/types.ts'
import { HOUR_MS, MINUTE_MS } from '#services/time.ts'
import { campaignWorld, fraudCampaigns, quantile, twinCampaigns } from '../../helpers/campaigns.ts'

const runs = ['replay-1', 'replay-2', 'replay-3'].map((seed) => campaignWorld('TRANSACTION_REPLAY', seed, 20_000, 0.02))
const byId = new Map(runs.flatMap(({ transactions }) => transactions.map((tx) => [tx.transaction_id, tx])))
const replays = runs.flatMap(fraudCampaigns)
const twins = runs.flatMap(twinCampaigns)
const pairs = replays.flat().map(({ tx, truth }) => ({
  tx,
  truth,
  original: byId.get(truth.fraud_evidence.original_transaction_id!)!,
}))
const share = <T>(items: readonly T[], holds: (item: T) => boolean): number => items.filter(holds).length / items.length

/** What a replay may change of its original, beside identifiers, times, balance and answer. */
const CHANGED: ReadonlySet<keyof Transaction> = new Set([
  'transaction_id',
  'event_time',
  'local_time',
  'ingest_time',
  'settlement_date',
  'balance_after_minor',
  'credit_utilisation',
  'loyalty_points_delta',
  'emi_tenure_months',
  'status_response',
  'amount_minor',
  'retrieval_reference_number',
  'system_trace_audit_number',
  'terminal_id',
  'device_id',
  'app_version',
])

describe('a payment submitted again', () => {
  test('follows its original, an approved payment, 1 to 4 times within two hours, 18 minutes in the median', () => {
    expect(replays.length).toBeGreaterThan(200)
    for (const replay of replays) expect(replay.length).toBeLessThanOrEqual(4)
    for (const { tx, original } of pairs) {
      expect(original.status_response.status).toBe('APPROVED')
      expect(tx.event_time).toBeGreaterThan(original.event_time)
      expect(tx.event_time).toBeLessThanOrEqual(original.event_time + 2 * HOUR_MS)
    }
    const gaps = pairs.map(({ tx, original }) => tx.event_time - original.event_time)
    expect(quantile(gaps, 0.5)).toBeGreaterThan(14 * MINUTE_MS)
    expect(quantile(gaps, 0.5)).toBeLessThan(23 * MINUTE_MS)
  })

  test('repeats it field by field; only reference, terminal or device and a hundredth of the amount may differ', () => {
    for (const { tx, original } of pairs) {
      for (const field of Object.keys(original) as (keyof Transaction)[]) {
        if (!CHANGED.has(field)) expect(tx[field], field).toEqual(original[field])
      }
      expect(Math.abs(tx.amount_minor / original.amount_minor - 1)).toBeLessThanOrEqual(0.015)
    }
  })

  test('has the same amount in 85 per cent, the same reference in 50, another device or terminal in 60, never when the merchant presents it twice', () => {
    expect(share(pairs, ({ tx, original }) => tx.amount_minor === original.amount_minor)).toBeGreaterThan(0.8)
    const same = share(
      pairs,
      ({ tx, original }) => tx.retrieval_reference_number === original.retrieval_reference_number,
    )
    expect(same).toBeGreaterThan(0.42)
    expect(same).toBeLessThan(0.58)
    const moved = share(
      pairs,
      ({ tx, original }) => tx.device_id !== original.device_id || tx.terminal_id !== original.terminal_id,
    )
    expect(moved).toBeGreaterThan(0.45)
    expect(moved).toBeLessThan(0.7)
    const presented = pairs.filter(({ truth }) => truth.modus_operandi === 'DUPLICATE_PRESENTMENT')
    for (const { tx, original } of presented) {
      expect([tx.device_id, tx.terminal_id]).toEqual([original.device_id, original.terminal_id])
    }
  })

  test('its truth says so, and marks the original, which is no fraud', () => {
    for (const { tx, truth, original } of pairs) {
      const { gap_seconds, same_reference, device_changed } = truth.fraud_evidence
      expect(Number(gap_seconds)).toBeCloseTo((tx.event_time - original.event_time) / 1_000, -0.5)
      expect(same_reference).toBe(String(tx.retrieval_reference_number === original.retrieval_reference_number))
      expect(device_changed).toBe(
        String(tx.device_id !== original.device_id || tx.terminal_id !== original.terminal_id),
      )
      expect(truth).toMatchObject({ actor_role: 'ATTACKER', authorised_by_customer: false, campaign_phase: 'replay' })
    }
    const marked = new Set(
      runs.flatMap(({ labelled }) =>
        labelled
          .filter(({ truth }) => truth.campaign_phase === 'original' && !truth.is_fraud)
          .map(({ tx }) => tx.transaction_id),
      ),
    )
    for (const { original } of pairs) expect(marked).toContain(original.transaction_id)
  })
})

describe('its innocent doubles', () => {
  test('are the same payment again at the same place, or one that timed out tried again', () => {
    expect(twins.length).toBeGreaterThan(200)
    const phases = new Set(twins.flat().map(({ truth }) => truth.campaign_phase))
    expect([...phases].sort()).toEqual(['same_again', 'timeout_retry'])
    for (const run of runs) {
      for (const twin of twinCampaigns(run)) {
        for (const { tx, truth } of twin) {
          const same = run.transactions.find(
            (other) =>
              other.customer_id === tx.customer_id &&
              other.amount_minor === tx.amount_minor &&
              other.merchant_id === tx.merchant_id &&
              other.event_time < tx.event_time &&
              other.event_time >= tx.event_time - 2 * HOUR_MS,
          )
          expect(same).toBeDefined()
          expect(truth).toMatchObject({ is_fraud: false, benign_twin_of: 'TRANSACTION_REPLAY' })
        }
      }
    }
  })
})
