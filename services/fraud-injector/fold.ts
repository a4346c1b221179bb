import type { Control, GroundTruth, Transaction } from '#schemas/types.ts'
import { type Context, type Fold, PoisonError, type Received } from '../fold.ts'
import { FabricatedCustomers } from '../market/fabricated.ts'
import { customerNumber } from '../market/identifiers.ts'
import type { Settings } from '../settings.ts'
import { type Account, newAccount, nextWakeMs } from './account.ts'
import { accountCodec } from './account-codec.ts'
import { alter, giveBackAltered } from './anomalies/alter.ts'
import type { Rewrite } from './anomalies/anomaly.ts'
import { Anomalies } from './anomalies/benign.ts'
import { type AnomalyLabel, labelOf, worldLabelOf } from './anomalies/label.ts'
import { Campaigns } from './campaigns.ts'
import { Chance } from './chance.ts'
import { Dials, INJECTOR } from './dials.ts'
import { Disorder } from './disorder.ts'
import { remember } from './history.ts'
import { IntendedMoments } from './intended.ts'
import type { FraudMethod, Mark } from './method.ts'
import { Outlet } from './outlet.ts'
import { RateController } from './rate.ts'
import { methods as allMethods } from './registry.ts'
import { scheduleReport } from './reports.ts'
import { keepOwn, request, requestKey } from './requests.ts'
import { adjust } from './statement.ts'
import { Timers } from './timers.ts'
import { type Anchor, type InjectorTotals, newTotals, totalsCodec } from './totals.ts'
import { benignTruth, genuineTruth, markedTruth } from './truth.ts'
import { tellTime, timeReached, untilRead } from './watermark.ts'

export type InjectorInputs = 'transactions.genuine' | 'watermarks'
type InjectorContext = Context<Account, InjectorTotals>

/**
 * Passes genuine transactions on, with what fraud does to them and among them; tells the truth about each. Every
 * transaction has exactly one ground truth with its key and time, whatever befalls it on its way, and an account's
 * records add up.
 */
export function fraudInjector(
  settings: Settings,
  methods: readonly FraudMethod[] = allMethods,
): Fold<Account, InjectorTotals, InjectorInputs> {
  const chance = new Chance(settings.seed)
  const dials = new Dials(settings)
  const fabricated = new FabricatedCustomers(settings.seed, settings.population)
  const rate = new RateController(dials, methods, fabricated, chance)
  const campaigns = new Campaigns({ methods, chance, rate, dials, fabricated })
  const anomalies = new Anomalies(dials, chance)
  const disorder = new Disorder(dials, chance)
  const timers = new Timers(settings.seed, campaigns, anomalies, disorder, chance)
  const moments = new IntendedMoments(settings)
  const outlet = new Outlet(rate, anomalies)
  const genuine = new GenuineStep({ seed: settings.seed, campaigns, anomalies, disorder, rate, moments, outlet })
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
      reachTime(context, outlet, moments)
    },
    refused: (topic, context) => {
      if (topic === 'transactions.genuine') context.shared.refused++
      reachTime(context, outlet, moments)
    },
    nextWakeMs,
    wake: (key, timeMs, context) => timers.wake(key, timeMs, context),
    endOfBatch: tellTime,
    side: (_topic, key, value, shared) => command(key, value as Control | null, shared),
  }
}

/** Lets timers fire up to a time that was told, once all records before it are read. */
function reachTime(context: InjectorContext, outlet: Outlet, moments: IntendedMoments): void {
  const { shared } = context
  const reachedMs = timeReached(shared)
  if (reachedMs === undefined) return
  context.advanceTo(reachedMs)
  outlet.release(context, (timeMs) => moments.after(shared, timeMs))
}

interface Parts {
  readonly seed: string
  readonly campaigns: Campaigns
  readonly anomalies: Anomalies
  readonly disorder: Disorder
  readonly rate: RateController
  readonly moments: IntendedMoments
  readonly outlet: Outlet
}

/** What happens at a genuine record. */
class GenuineStep {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  step({ key, value }: Received<'transactions.genuine'>, context: InjectorContext): void {
    if (value.customer_id !== key || !Number.isInteger(customerNumber(key))) {
      throw new PoisonError(`transaction ${value.transaction_id} of ${value.customer_id} has the key ${key}`)
    }
    const { shared } = context
    const { moments, outlet, disorder } = this.#parts
    const anchor: Anchor = { timeMs: value.event_time, intendedMs: value.intended_at }
    outlet.release(context, (timeMs) => moments.before(shared, anchor, timeMs))
    moments.learn(shared, anchor)
    if (shared.requests.waiting.length > 0) keepOwn(shared, context.partition, context.partitions)
    if (shared.firstMs === null) this.#open(value.event_time, context)
    shared.consumed++
    const account = context.state(key)
    const { tx, truth } = this.#pass(value, account, context)
    outlet.send(context, tx, truth, disorder.befall(tx, account, shared))
  }

  /** A partition begins with its first record. */
  #open(firstMs: number, context: InjectorContext): void {
    context.shared.firstMs = firstMs
    this.#parts.rate.open(context)
    this.#parts.anomalies.open(context)
  }

  /** The record as it goes out, and the truth about it. */
  #pass(value: Transaction, account: Account, context: InjectorContext): { tx: Transaction; truth: GroundTruth } {
    const { campaigns, anomalies, seed } = this.#parts
    const { shared } = context
    const genuine = fromNewPhone(account, value)
    const mark = campaigns.touch(genuine, account, context)
    const deed = mark === undefined ? anomalies.consider(genuine, account, shared) : undefined
    const tx = adjust(account, genuine, rewritten(account, genuine, mark?.rewrite, deed?.rewrite))
    const label = labelAs(tx, account, mark, deed?.rewrite !== undefined)
    remember(account, tx)
    if (mark !== undefined && account.campaign !== null)
      return { tx, truth: this.#marked(tx, account, mark, label, shared) }
    if (deed?.rewrite === undefined) return { tx, truth: genuineTruth(tx, seed, label) }
    return { tx, truth: { ...benignTruth(tx, deed.cause, seed), ...label } }
  }

  #marked(tx: Transaction, account: Account, mark: Mark, label: AnomalyLabel, shared: InjectorTotals): GroundTruth {
    const { campaigns, rate, seed } = this.#parts
    const campaign = account.campaign!
    const method = campaigns.methodOf(campaign)
    if (mark.isFraud) {
      rate.giveBack(shared, campaign.type, -1)
      campaign.grossMinor += tx.amount_minor
    }
    const told = mark.isFraud || mark.isReported === true
    if (told && tx.status_response.status === 'APPROVED') scheduleReport(account, tx, campaign, method)
    return { ...markedTruth(tx, mark, campaign, method, seed), ...label }
  }
}

/** The record as a campaign or an honest customer's whim has it, or as what is given back of such a one. */
function rewritten(
  account: Account,
  genuine: Transaction,
  byCampaign: Rewrite | undefined,
  byWhim: Rewrite | undefined,
): Transaction {
  if (byCampaign !== undefined) return { ...genuine, ...byCampaign }
  return byWhim === undefined ? giveBackAltered(account, genuine) : alter(account, genuine, byWhim)
}

/** What a scenario brought about is judged by all it shows; of what nobody meant, only that it is part of a trip. */
function labelAs(tx: Transaction, account: Account, mark: Mark | undefined, isOdd: boolean): AnomalyLabel {
  const meant = isOdd || mark?.isFraud === true || (mark !== undefined && account.campaign?.twin === true)
  return meant ? labelOf(tx, account) : worldLabelOf(tx, account)
}

/** A customer whose phone an innocent double has replaced pays from the new one. */
function fromNewPhone({ phone }: Account, tx: Transaction): Transaction {
  return phone !== null && tx.device_id === phone.from ? { ...tx, device_id: phone.to } : tx
}
