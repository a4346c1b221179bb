import type { Control, CustomerEvent, GroundTruth, Transaction } from '#schemas/types.ts'
import { type Context, type Fold, PoisonError, type Received } from '../fold.ts'
import { customerNumber } from '../market/identifiers.ts'
import type { Settings } from '../settings.ts'
import { type Account, newAccount, nextWakeMs } from './account.ts'
import { accountCodec } from './account-codec.ts'
import { Campaigns } from './campaigns.ts'
import { Chance } from './chance.ts'
import { Dials, INJECTOR } from './dials.ts'
import { remember } from './history.ts'
import { IntendedMoments } from './intended.ts'
import type { FraudMethod } from './method.ts'
import { RateController } from './rate.ts'
import { methods as allMethods } from './registry.ts'
import { scheduleReport } from './reports.ts'
import { keepOwn, request, requestKey } from './requests.ts'
import { adjust } from './statement.ts'
import { Timers } from './timers.ts'
import { type Anchor, type InjectorTotals, newTotals, totalsCodec } from './totals.ts'
import { genuineTruth, markedTruth } from './truth.ts'
import { tellTime, timeReached, untilRead } from './watermark.ts'

export type InjectorInputs = 'transactions.genuine' | 'watermarks'
type InjectorContext = Context<Account, InjectorTotals>

/**
 * Passes genuine transactions on, with what fraud does to them and among them; tells the truth about each. Every
 * transaction sent on has exactly one ground truth with its key and time, and an account's records add up.
 */
export function fraudInjector(
  settings: Settings,
  methods: readonly FraudMethod[] = allMethods,
): Fold<Account, InjectorTotals, InjectorInputs> {
  const chance = new Chance(settings.seed)
  const dials = new Dials(settings.fraud)
  const rate = new RateController(dials, methods)
  const campaigns = new Campaigns(methods, chance, rate, dials)
  const timers = new Timers(settings.seed, campaigns, chance)
  const moments = new IntendedMoments(settings)
  const genuine = new GenuineStep(settings.seed, campaigns, rate, moments)
  const { customers } = settings.population
  /** Follows a command, or says what is wrong with it. Those of other services are theirs. */
  const command = (key: string, control: Control | null, shared: InjectorTotals): readonly string[] => {
    if (key.startsWith(requestKey(''))) return request(key, control, shared, customers)
    return key === INJECTOR ? dials.turn(control, shared) : []
  }
  return {
    name: 'fraud-injector',
    inputs: ['transactions.genuine', 'watermarks'],
    timeFrom: 'transactions.genuine',
    stateTopic: 'injector.state',
    sideInputs: ['control'],
    initialState: (key) => newAccount(customerNumber(key)),
    initialShared: newTotals,
    stateCodec: accountCodec,
    sharedCodec: totalsCodec,
    step: (record, context) => {
      if (record.topic === 'watermarks') untilRead(record.value, context.shared)
      else genuine.step(record, context)
      reachTime(context, rate, moments)
    },
    refused: (topic, context) => {
      if (topic === 'transactions.genuine') context.shared.refused++
      reachTime(context, rate, moments)
    },
    nextWakeMs,
    wake: (key, timeMs, context) => timers.wake(key, timeMs, context),
    endOfBatch: tellTime,
    side: (_topic, key, value, shared) => command(key, value as Control | null, shared),
  }
}

/** Lets timers fire up to a time that was told, once all records before it are read. */
function reachTime(context: InjectorContext, rate: RateController, moments: IntendedMoments): void {
  const { shared } = context
  const reachedMs = timeReached(shared)
  if (reachedMs === undefined) return
  context.advanceTo(reachedMs)
  release(context, rate, (timeMs) => moments.after(shared, timeMs))
}

/** Sends on what timers have made, now that the wall-clock moment meant for it can be told. */
function release(context: InjectorContext, rate: RateController, intendedAt: (timeMs: number) => number | null): void {
  const { shared } = context
  if (shared.held.length === 0) return
  for (const held of shared.held) {
    const { event_time: timeMs, customer_id: key } = held.value
    const intended_at = intendedAt(timeMs)
    if (held.topic === 'transactions') send(context, rate, { ...held.value, intended_at }, held.truth)
    else context.emit('customer-events', key, { ...(held.value as CustomerEvent), intended_at }, timeMs)
  }
  shared.held = []
}

function send(context: InjectorContext, rate: RateController, tx: Transaction, truth: GroundTruth): void {
  const { shared } = context
  context.emit('transactions', tx.customer_id, tx, tx.event_time)
  context.emit('ground-truth', tx.customer_id, truth, tx.event_time)
  shared.transactions++
  shared.sentMs = tx.event_time
  if (truth.is_fraud) {
    shared.fraud++
    shared.byType[truth.fraud_type] = (shared.byType[truth.fraud_type] ?? 0) + 1
  }
  rate.accrue(shared, tx.event_time)
}

/** What happens at a genuine record. */
class GenuineStep {
  readonly #seed: string
  readonly #campaigns: Campaigns
  readonly #rate: RateController
  readonly #moments: IntendedMoments

  constructor(seed: string, campaigns: Campaigns, rate: RateController, moments: IntendedMoments) {
    this.#seed = seed
    this.#campaigns = campaigns
    this.#rate = rate
    this.#moments = moments
  }

  step({ key, value }: Received<'transactions.genuine'>, context: InjectorContext): void {
    if (value.customer_id !== key || !Number.isInteger(customerNumber(key))) {
      throw new PoisonError(`transaction ${value.transaction_id} of ${value.customer_id} has the key ${key}`)
    }
    const { shared } = context
    const anchor: Anchor = { timeMs: value.event_time, intendedMs: value.intended_at }
    release(context, this.#rate, (timeMs) => this.#moments.before(shared, anchor, timeMs))
    this.#moments.learn(shared, anchor)
    if (shared.requests.waiting.length > 0) keepOwn(shared, context.partition, context.partitions)
    shared.firstMs ??= value.event_time
    shared.consumed++
    const { tx, truth } = this.#pass(value, context.state(key), shared)
    send(context, this.#rate, tx, truth)
  }

  /** The record as it goes out, and the truth about it. */
  #pass(value: Transaction, account: Account, shared: InjectorTotals): { tx: Transaction; truth: GroundTruth } {
    const genuine = fromNewPhone(account, value)
    const mark = this.#campaigns.touch(genuine, account, shared)
    const { campaign } = account
    const tx = adjust(account, genuine, mark?.rewrite === undefined ? genuine : { ...genuine, ...mark.rewrite })
    remember(account, tx)
    if (mark === undefined || campaign === null) return { tx, truth: genuineTruth(tx, this.#seed) }
    const method = this.#campaigns.methodOf(campaign)
    if (mark.isFraud) {
      this.#rate.giveBack(shared, campaign.type, -1)
      campaign.grossMinor += tx.amount_minor
    }
    const told = mark.isFraud || mark.isReported === true
    if (told && tx.status_response.status === 'APPROVED') scheduleReport(account, tx, campaign, method)
    return { tx, truth: markedTruth(tx, mark, campaign, method, this.#seed) }
  }
}

/** A customer whose phone an innocent double has replaced pays from the new one. */
function fromNewPhone({ phone }: Account, tx: Transaction): Transaction {
  return phone !== null && tx.device_id === phone.from ? { ...tx, device_id: phone.to } : tx
}
