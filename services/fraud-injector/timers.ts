import type { GroundTruth, Transaction } from '#schemas/types.ts'
import type { Context } from '../fold.ts'
import { eventId } from '../market/identifiers.ts'
import { issuerIndex } from '../market/issuers.ts'
import { Outages } from '../market/outages.ts'
import { drawDecline } from '../market/responses.ts'
import { signedAmountMinor } from '../market/statement.ts'
import { hash32, type Random } from '../random.ts'
import { HOUR_MS } from '../time.ts'
import type { Account, Campaign, Oddity } from './account.ts'
import type { Anomalies } from './anomalies/benign.ts'
import { learn } from './anomalies/habits.ts'
import { labelOf } from './anomalies/label.ts'
import type { Campaigns } from './campaigns.ts'
import type { Chance } from './chance.ts'
import type { Disorder } from './disorder.ts'
import { countPayment, seeAt } from './history.ts'
import { compose } from './insert.ts'
import type { EventStep, FraudMethod, PaymentStep } from './method.ts'
import { combinationOf } from './newcomers.ts'
import { reportRecord, scheduleReport, scheduleRevision } from './reports.ts'
import { blockedCode, settle } from './settle.ts'
import type { InjectorTotals } from './totals.ts'
import { benignTruth, combinedEvidence, fraudTruth, lossMinor, twinTruth } from './truth.ts'

type InjectorContext = Context<Account, InjectorTotals>

/** What happens at its own moment in event time, between the genuine records. */
export class Timers {
  readonly #seed: string
  readonly #campaigns: Campaigns
  readonly #anomalies: Anomalies
  readonly #disorder: Disorder
  readonly #chance: Chance
  readonly #outages: Outages

  constructor(seed: string, campaigns: Campaigns, anomalies: Anomalies, disorder: Disorder, chance: Chance) {
    this.#seed = seed
    this.#campaigns = campaigns
    this.#anomalies = anomalies
    this.#disorder = disorder
    this.#chance = chance
    this.#outages = new Outages(seed)
  }

  /** Does all that is due for one customer at `timeMs`. */
  wake(key: string, timeMs: number, context: InjectorContext): void {
    const account = context.state(key)
    while (account.parcels[0] !== undefined && account.parcels[0].atMs <= timeMs) {
      context.shared.held.push({ topic: 'parcel', ...account.parcels.shift()! })
    }
    while (account.reports[0] !== undefined && account.reports[0].atMs <= timeMs) this.#report(key, account, context)
    if (account.oddity !== null && account.oddity.payment.atMs <= timeMs) this.#beOdd(account, account.oddity, context)
    while (account.campaign !== null) {
      const { campaign } = account
      if (campaign.steps === null) {
        if (campaign.startMs > timeMs) return
        this.#campaigns.plan(account, campaign, context.shared)
        continue
      }
      const step = campaign.steps[0]
      if (step === undefined) this.#campaigns.finish(account, timeMs, context)
      else if (step.atMs > timeMs) return
      else if (step.kind === 'wait') campaign.steps.shift()
      else if (step.kind === 'event') this.#leave(key, account, campaign, step, context)
      else this.#pay(account, campaign, step, context)
    }
  }

  #report(key: string, account: Account, context: InjectorContext): void {
    const report = account.reports.shift()!
    const random = this.#chance.record(account.customer, account.made++)
    context.emit('fraud-reports', key, reportRecord(report, key, random), report.atMs)
    context.shared.reports.put++
    scheduleRevision(account, report, random)
  }

  /** Not while a campaign runs that has begun since. Whether it has come out odd, its truth says. */
  #beOdd(account: Account, { cause, payment }: Oddity, { shared }: InjectorContext): void {
    this.#anomalies.happened(account, shared)
    if (account.campaign !== null) return
    const random = this.#chance.record(account.customer, account.made++)
    const composed = compose(account, payment, null, random)
    const refusal = composed === undefined ? null : bankRefusal(composed, this.#outages, random)
    const tx = composed && settle(account, composed, payment, refusal)
    if (tx === undefined) return
    const truth = { ...benignTruth(tx, cause, this.#seed), ...labelOf(tx, account) }
    if (payment.inPerson) seeAt(account, tx)
    learn(account.habits, tx)
    this.#hold(account, tx, truth, shared)
  }

  #hold(account: Account, tx: Transaction, truth: GroundTruth, totals: InjectorTotals): void {
    const mishap = this.#disorder.befall(tx, account, totals)
    totals.held.push({ topic: 'transactions', value: tx, truth, mishap })
  }

  #leave(key: string, account: Account, campaign: Campaign, step: EventStep, { shared }: InjectorContext): void {
    campaign.steps!.shift()
    const random = this.#chance.record(account.customer, account.made++)
    if (step.eventType === 'DEVICE_BOUND' && step.deviceId !== null) {
      account.binding = { deviceId: step.deviceId, boundMs: step.atMs, usedMinor: 0 }
      if (step.replaces !== null) account.phone = { from: step.replaces, to: step.deviceId }
    }
    shared.held.push({
      topic: 'customer-events',
      value: {
        event_id: eventId(step.atMs, random),
        customer_id: key,
        event_type: step.eventType,
        event_time: step.atMs,
        device_id: step.deviceId,
        details: step.details,
        intended_at: null,
      },
    })
  }

  #pay(account: Account, campaign: Campaign, step: PaymentStep, { shared }: InjectorContext): void {
    const original = step.undoes === null ? null : campaign.facts[step.undoes]
    if (original === undefined) {
      this.#campaigns.skip(campaign, step, shared)
      return
    }
    const random = this.#chance.record(account.customer, account.made++)
    const composed = compose(account, step, original, random)
    const blocked = !campaign.twin && !step.afterBlock && step.atMs >= campaign.noticedMs
    const refusal = composed === undefined ? null : refusalOf(composed, step, campaign, blocked, this.#outages, random)
    const tx = composed && settle(account, composed, step, refusal)
    if (tx === undefined) {
      this.#campaigns.end(account, step.atMs, shared)
      return
    }
    campaign.steps!.shift()
    count(campaign, tx)
    const truth = { ...this.#truth(account, campaign, step, tx, shared), ...labelOf(tx, account) }
    if (step.inPerson) seeAt(account, tx)
    learn(account.habits, tx)
    // The ordinary payments of somebody who does not exist: there are no others.
    if (step.repaid && tx.merchant_id !== null) countPayment(account, tx)
    if (step.keptAs !== null && tx.status_response.status === 'APPROVED')
      campaign.facts[step.keptAs] = tx.transaction_id
    this.#hold(account, tx, truth, shared)
    const method = this.#campaigns.methodOf(campaign)
    if (!campaign.twin && !step.repaid && isReported(tx, campaign, method))
      scheduleReport(account, tx, campaign, method)
    if (blocked) this.#campaigns.end(account, step.atMs, shared)
  }

  #truth(account: Account, campaign: Campaign, step: PaymentStep, tx: Transaction, shared: InjectorTotals) {
    const place = { campaign_phase: step.phase, phase_seq: step.sequence }
    if (campaign.twin) return { ...twinTruth(tx, campaign, this.#seed), ...place }
    const method = this.#campaigns.methodOf(campaign)
    const fraud_evidence = { ...method.evidence(tx, campaign, account), ...combinedEvidence(campaign) }
    const truth = { ...fraudTruth(tx, campaign, method, this.#seed), ...place, fraud_evidence }
    if (!method.row.newcomers || campaign.ringId === null) return truth
    const together = combinationOf(shared, campaign.ringId, account.customer, tx.event_time)
    const combination = together === 'NONE' ? truth.combination : together
    return step.repaid ? { ...truth, ...harmless, combination } : { ...truth, combination }
  }
}

/** What somebody loses by; of some campaigns also what was refused. */
const isReported = (tx: Transaction, { id }: Campaign, { row }: FraudMethod): boolean =>
  lossMinor(tx, row) > 0 ||
  (tx.status_response.status !== 'APPROVED' && hash32(id) < (row.attemptsReported ?? 0) * 2 ** 32)

/** Of a payment that is paid back: it only prepares what is to come. */
const harmless = { fraud_severity: 'MEDIUM', loss_minor: 0, recovered_minor: 0 } as const

/** Why the payment fails whatever the balance: the account is blocked, the step says so, or banks being banks. */
function refusalOf(
  tx: Transaction,
  step: PaymentStep,
  campaign: Campaign,
  blocked: boolean,
  outages: Outages,
  random: Random,
): string | null {
  if (blocked) return blockedCode(tx)
  // What comes in is refused by nobody.
  if (!campaign.twin || signedAmountMinor(tx) >= 0) return step.refusal
  return bankRefusal(tx, outages, random)
}

/** Banks being banks. */
function bankRefusal(tx: Transaction, outages: Outages, random: Random): string | null {
  const issuer = issuerIndex(tx.issuer_code)
  const outage = outages.shareAt(issuer, tx.payment_rail, tx.event_time)
  return drawDecline(tx.payment_rail, tx.channel, issuer, outage, random)
}

function count(campaign: Campaign, tx: Transaction): void {
  campaign.attempts++
  const moved = signedAmountMinor(tx)
  if (moved < 0) campaign.takenMinor -= moved
  if (moved > 0) {
    const { count, minor } = campaign.received
    campaign.received = { count: count + 1, minor: minor + moved, lastMs: tx.event_time }
  }
  if (tx.status_response.status !== 'APPROVED') campaign.refused++
  campaign.recentMs = [...campaign.recentMs.filter((atMs) => atMs > tx.event_time - HOUR_MS), tx.event_time]
  const counterparty = tx.merchant_id ?? tx.payee_id ?? tx.terminal_id
  if (counterparty !== null && !campaign.counterparties.includes(counterparty))
    campaign.counterparties.push(counterparty)
}
