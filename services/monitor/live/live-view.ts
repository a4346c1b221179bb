import { isAlert } from '#schemas/topics.ts'
import type { Alert, GroundTruth, Transaction } from '#schemas/types.ts'
import type { Received } from '../../fold.ts'
import { MINUTE_MS } from '../../time.ts'
import type { MonitorInputs } from '../fold.ts'
import { type AlertCard, cardOf } from './alert-cards.ts'
import { type CityTraffic, CityTraffics } from './city-traffic.ts'
import { PaymentSample, type PaymentView } from './payment-sample.ts'
import { Rates, type Second } from './rates.ts'
import { type CampaignView, type Truth, Truths } from './truths.ts'

/** How far back the seconds go. */
export const SECONDS_KEPT = 300
const CARDS_MAX = 30
const CAMPAIGNS_SHOWN = 6
const PAYMENTS_SHOWN = 12
/** Four payments a second can still be read. */
const PAYMENT_EVERY_MS = 250
/** Truth is written with its transaction, a little out of order: what is this much older has been judged. */
const TRUTH_SLACK_MS = MINUTE_MS

export interface JudgedCard extends AlertCard {
  readonly truth: Truth
}

/** What somebody who looks on sees of the stream itself; figures and quality are the fold's. */
export interface LiveFigures {
  readonly seconds: readonly Second[]
  readonly cities: readonly CityTraffic[]
  /** Newest first, all of them. */
  readonly payments: readonly PaymentView[]
  readonly campaigns: readonly CampaignView[]
  readonly alerts: readonly JudgedCard[]
}

/**
 * Keeps what people see on the live page, in constant memory. It hears of records once they are committed and is no part
 * of the fold's state: after a restart it begins anew. `nowMs` is wall time; the page shows what arrives when.
 */
export class LiveView {
  readonly #liveMs: number
  readonly #rates = new Rates(SECONDS_KEPT)
  readonly #cities = new CityTraffics()
  readonly #payments = new PaymentSample(PAYMENT_EVERY_MS, PAYMENTS_SHOWN)
  readonly #truths = new Truths()
  readonly #cards: AlertCard[] = []
  #isLive = false

  /** `liveMs`: event time at which the live part begins. */
  constructor(liveMs: number) {
    this.#liveMs = liveMs
  }

  hear(record: Received<MonitorInputs>, nowMs: number): void {
    if (record.topic === 'ground-truth') this.#judge(record.key, record.value, record.timestampMs, nowMs)
    else if (isAlert(record)) this.#alert(record.value, nowMs)
  }

  /** A payment on `transactions`, which stands for so many. */
  seePayment(tx: Transaction, weight: number, nowMs: number): void {
    this.#cities.add('payments', tx.city, weight, nowMs)
    this.#payments.offer(tx, nowMs)
  }

  /** `truthTimeMs`: event time that the truth has come to on every partition. */
  figures(fromSecond: number, truthTimeMs: number, nowMs: number): LiveFigures {
    const judgedMs = truthTimeMs - TRUTH_SLACK_MS
    return {
      seconds: this.#rates.since(fromSecond, nowMs),
      cities: this.#cities.list(nowMs),
      payments: this.#payments.list(),
      campaigns: this.#truths.campaigns(CAMPAIGNS_SHOWN),
      alerts: this.#cards.map((card) => ({
        ...card,
        truth: this.#truths.of(card.transactionId, card.eventTimeMs, judgedMs),
      })),
    }
  }

  #judge(key: string, truth: GroundTruth, timeMs: number, nowMs: number): void {
    if (truth.label_version > 1) return
    if (!this.#isLive && timeMs >= this.#liveMs) {
      // History is made at full speed: beside it nothing of the live part would be seen.
      this.#isLive = true
      this.#rates.clear()
    }
    this.#rates.add('payments', nowMs)
    if (truth.is_fraud) this.#rates.add('frauds', nowMs)
    this.#truths.judge(key, truth, timeMs)
  }

  #alert(alert: Alert, nowMs: number): void {
    this.#rates.add('alerts', nowMs)
    this.#cities.add('alerts', alert.city, 1, nowMs)
    this.#truths.alerted(alert.transaction_id, alert.event_time)
    for (const linked of alert.transactions) this.#truths.alerted(linked.transaction_id, linked.event_time)
    this.#cards.unshift(cardOf(alert))
    if (this.#cards.length > CARDS_MAX) this.#cards.pop()
  }
}
