import type { ModusOperandi, Transaction } from '#schemas/types.ts'
import type { Context } from '../fold.ts'
import type { FabricatedCustomers } from '../market/fabricated.ts'
import { transactionId } from '../market/identifiers.ts'
import type { Random } from '../random.ts'
import { DAY_MS, HOUR_MS } from '../time.ts'
import type { Account, Campaign } from './account.ts'
import type { Chance } from './chance.ts'
import { type Combined, combine, follow, followingOf, rupeesOfStage, silenceMs } from './combinations.ts'
import type { Dials } from './dials.ts'
import { disguiseAt, disguised, scaledTo } from './disguise.ts'
import type { Recovery } from './fraud-types.ts'
import type { FraudMethod, Mark, PaymentStep, Scene, Script, Step } from './method.ts'
import { introduce, nextNewcomer } from './newcomers.ts'
import { hazard, type RateController, twinHazard } from './rate.ts'
import { requestsFor, settle } from './requests.ts'
import { draw, drawAbove } from './spread.ts'
import type { InjectorTotals } from './totals.ts'
import { lostOf } from './truth.ts'

type InjectorContext = Context<Account, InjectorTotals>

/** Bank reports of 2021 to 2025: 239 of 3,588 crore came back. A share of campaigns, then a share of their loss. */
const RECOVERY: Recovery = { campaigns: 0.15, share: [0.2, 0.7] }
/** A customer who has just been through a campaign is left alone. */
const QUIET_MS = 2 * DAY_MS

/** What may be owed of a type, and so begin. */
const froms = ['due', 'residual'] as const

interface Parts {
  readonly methods: readonly FraudMethod[]
  readonly chance: Chance
  readonly rate: RateController
  readonly dials: Dials
  readonly fabricated: FabricatedCustomers
}

/** Starts campaigns at genuine records and plans their steps when their time has come. */
export class Campaigns {
  readonly #methods: readonly FraudMethod[]
  readonly #chance: Chance
  readonly #rate: RateController
  readonly #dials: Dials
  readonly #fabricated: FabricatedCustomers

  constructor({ methods, chance, rate, dials, fabricated }: Parts) {
    this.#methods = methods
    this.#chance = chance
    this.#rate = rate
    this.#dials = dials
    this.#fabricated = fabricated
  }

  methodOf(campaign: Campaign): FraudMethod {
    return this.#methods.find((method) => method.type === campaign.type)!
  }

  /** What becomes of a genuine record: touched by the campaign that runs, or the first of one that starts here. */
  touch(tx: Transaction, account: Account, context: InjectorContext): Mark | undefined {
    const { campaign } = account
    if (campaign === null) return this.#consider(tx, account, context)
    const random = this.#chance.met(account.customer, account.seen)
    return this.#script(campaign).meet?.(tx, campaign, this.#scene(account, tx.event_time, random, context.shared))
  }

  /** Plans the steps of a campaign whose time has come; it ends if it has become impossible. */
  plan(account: Account, campaign: Campaign, totals: InjectorTotals): void {
    const random = this.#chance.steps(account.customer, campaign.number)
    const scene = this.#scene(account, campaign.startMs, random, totals)
    const steps = this.#stepsOf(campaign, scene)
    const payments = steps.filter((step) => step.kind === 'payment')
    campaign.steps = steps
    // A campaign that begins with a fraud of its own is noticed from there, one that takes nothing not before it is over.
    if (campaign.noticedMs === 0)
      campaign.noticedMs =
        ((payments.find(({ quiet }) => !quiet) ?? payments.at(-1))?.atMs ?? 0) + campaign.reportDelayMs
    const { row } = this.methodOf(campaign)
    campaign.grossMinor += payments.reduce(
      (sum, { amountMinor, undoes }) => sum + lostOf(amountMinor, undoes !== null, row),
      0,
    )
    if (!campaign.twin) this.#rate.giveBack(totals, campaign.type, row.expectedTransactions - payments.length)
    if (steps.length > 0) return
    if (campaign.twin) this.#rate.twinFailed(totals, campaign.type)
    this.end(account, campaign.startMs, totals)
  }

  /** What its script has planned, as the difficulty and its place among others turn it. */
  #stepsOf(campaign: Campaign, scene: Scene): Step[] {
    const steps = this.#script(campaign).steps(campaign, scene)
    if (campaign.twin) return steps
    const { stage, startMs } = campaign
    const staged = stage === 0 ? steps : scaledTo(rupeesOfStage(stage, scene.random), steps, scene.random)
    return disguised(staged, startMs, this.methodOf(campaign).row.disguise, scene)
  }

  /** Leaves out a payment that has become impossible; the campaign goes on, and those after it in its phase move up. */
  skip(campaign: Campaign, left: PaymentStep, totals: InjectorTotals): void {
    campaign.steps = campaign
      .steps!.slice(1)
      .map((step) =>
        step.kind === 'payment' && step.phase === left.phase ? { ...step, sequence: step.sequence - 1 } : step,
      )
    if (!campaign.twin) this.#rate.giveBack(totals, campaign.type, 1)
  }

  /** Ends a campaign that has run its course: what has to follow it may come. */
  finish(account: Account, timeMs: number, context: InjectorContext): void {
    if (account.campaign !== null) account.following = followingOf(account.campaign, timeMs)
    this.end(account, timeMs, context.shared)
    if (account.following !== null && account.seen === 0) this.#goOn(account, account.following.fromMs, context)
  }

  /**
   * What has to follow on the account of a fabricated customer: no genuine record comes at which it could begin, so it
   * begins with its time, at a record that has nothing of one but the form. If it cannot, it never comes.
   */
  #goOn(account: Account, timeMs: number, context: InjectorContext): void {
    const tx = { ...Object.values(account.templates)[0]!, event_time: timeMs }
    const random = this.#chance.start(account.customer, account.seen)
    const scene = this.#scene(account, timeMs, random, context.shared)
    const method = this.#following(tx, scene, context.shared)
    if (method === undefined) account.following = null
    else this.#begin(tx, scene, context, method, false, null)
  }

  /** Ends a campaign; what is left of its steps does not happen. */
  end(account: Account, timeMs: number, totals: InjectorTotals): void {
    const { campaign } = account
    const left = campaign?.steps?.filter((step) => step.kind === 'payment').length ?? 0
    if (campaign !== null && !campaign.twin) {
      this.#rate.giveBack(totals, campaign.type, left)
      totals.active[campaign.type] = totals.active[campaign.type]! - 1
    }
    account.campaign = null
    account.quietUntilMs = timeMs + QUIET_MS
  }

  #consider(tx: Transaction, account: Account, context: InjectorContext): Mark | undefined {
    if (account.seen === 0) return undefined
    const { shared: totals } = context
    const random = this.#chance.start(account.customer, account.seen)
    if (account.following !== null || totals.requests.waiting.length > 0) {
      const scene = this.#startOf(tx, account, random, context)
      const following = this.#following(tx, scene, totals)
      if (following !== undefined) return this.#begin(tx, scene, context, following, false, null)
      const asked = this.#asked(tx, scene, totals)
      if (asked !== undefined)
        return this.#begin(tx, { ...scene, told: asked.told }, context, asked.method, false, null)
    }
    return tx.event_time < account.quietUntilMs ? undefined : this.#draw(tx, account, random, context)
  }

  /** Nothing comes of most records: a scene is made for those of which something may. */
  #draw(tx: Transaction, account: Account, random: Random, context: InjectorContext): Mark | undefined {
    const { shared: totals } = context
    const debts = this.#rate.debts(totals)
    let scene: Scene | undefined
    for (let i = 0; i < debts.length; i++) {
      const method = this.#methods[i]!
      const debt = debts[i]!
      for (const from of froms) {
        if (random.unit() >= hazard(debt[from], method)) continue
        scene ??= this.#startOf(tx, account, random, context)
        if (!method.fraud.eligible(tx, scene)) continue
        this.#rate.began(totals, method, from)
        const elapsedMs = from === 'residual' ? scene.nowMs - scene.firstMs : null
        return this.#begin(tx, scene, context, method, false, elapsedMs)
      }
      if (random.unit() >= twinHazard(debt)) continue
      scene ??= this.#startOf(tx, account, random, context)
      if (!method.twin.eligible(tx, scene)) continue
      this.#rate.twinBegan(totals, method)
      return this.#begin(tx, scene, context, method, true, null)
    }
    return undefined
  }

  /** The scene at which a campaign may start. */
  #startOf({ event_time }: Transaction, account: Account, random: Random, context: InjectorContext): Scene {
    const newcomer = nextNewcomer(this.#fabricated, context)
    return this.#scene(account, event_time, random, context.shared, newcomer)
  }

  /** What has to follow the campaign before, and can now. */
  #following(tx: Transaction, scene: Scene, totals: InjectorTotals): FraudMethod | undefined {
    const { following } = scene.account
    if (following === null || tx.event_time < following.fromMs) return undefined
    const method = this.#methods.find(({ type }) => type === following.type)
    if (tx.event_time > following.untilMs) scene.account.following = null
    else if (method?.fraud.eligible(tx, scene)) {
      this.#rate.began(totals, method, 'due')
      return method
    }
    return undefined
  }

  /** What somebody wants to see now, and can happen here. */
  #asked(
    tx: Transaction,
    scene: Scene,
    totals: InjectorTotals,
  ): { readonly method: FraudMethod; readonly told: ModusOperandi | null } | undefined {
    for (const { id, type, modus } of requestsFor(totals, tx)) {
      const method = this.#methods.find((one) => one.type === type)
      if (!method?.fraud.eligible(tx, scene)) continue
      settle(totals.requests, id)
      this.#rate.began(totals, method, 'due')
      return { method, told: modus ?? null }
    }
    return undefined
  }

  #begin(
    tx: Transaction,
    considered: Scene,
    context: InjectorContext,
    method: FraudMethod,
    twin: boolean,
    elapsedMs: number | null,
  ): Mark | undefined {
    const { account } = considered
    const number = account.campaigns++
    const random = this.#chance.campaign(account.customer, number)
    const { row } = method
    const residualDays =
      elapsedMs === null || row.incubationDays === undefined
        ? null
        : drawAbove(row.incubationDays, elapsedMs / DAY_MS, random)
    const beginning = (twin ? method.twin : method.fraud).begin(tx, { ...considered, random }, residualDays)
    const { startMs, modus, compromiseMs, ringId, combination, facts, mark, newcomer } = beginning
    const payer = newcomer === undefined ? account : introduce(newcomer, context)
    const { campaigns, share } = row.recovery ?? RECOVERY
    const drawnDelayMs = Math.round(draw(row.reportDelayHours, random) * HOUR_MS)
    const confidence = random.uniform(row.confidence[0]!, row.confidence[1]!)
    const recoveredShare = random.chance(campaigns) ? random.uniform(share[0]!, share[1]!) : 0
    const combined = this.#combined(payer, method, twin, random, context.shared)
    const reportDelayMs = drawnDelayMs + silenceMs(combined.stage)
    payer.campaign = {
      ...combined,
      type: method.type,
      twin,
      id: transactionId(startMs, random),
      number: newcomer === undefined ? number : payer.campaigns++,
      modus,
      ringId: ringId ?? null,
      combination: combined.combination === 'NONE' ? (combination ?? 'NONE') : combined.combination,
      compromiseMs,
      startMs: Math.max(startMs, tx.event_time + 1),
      facts: facts ?? {},
      confidence,
      reportDelayMs,
      recoveredShare,
      steps: null,
      grossMinor: 0,
      takenMinor: 0,
      received: { count: 0, minor: 0, lastMs: 0 },
      attempts: 0,
      refused: 0,
      noticedMs: mark?.isFraud || mark?.isReported ? tx.event_time + reportDelayMs : 0,
      recentMs: [],
      counterparties: [],
    }
    if (!twin) context.shared.active[method.type] = (context.shared.active[method.type] ?? 0) + 1
    return mark
  }

  /** How a campaign that begins hangs together with others; innocent doubles stand alone. */
  #combined(account: Account, { type }: FraudMethod, twin: boolean, random: Random, totals: InjectorTotals): Combined {
    const { following } = account
    if (twin) return combine(type, 0, random)
    if (following?.type !== type) return combine(type, this.#dials.of(totals).combinations, random)
    account.following = null
    return follow(following, random)
  }

  #script(campaign: Campaign): Script {
    const method = this.methodOf(campaign)
    return campaign.twin ? method.twin : method.fraud
  }

  #scene(account: Account, nowMs: number, random: Random, totals: InjectorTotals, newcomer?: number): Scene {
    return {
      account,
      random,
      chance: this.#chance,
      nowMs,
      disguise: disguiseAt(this.#dials.of(totals).difficulty),
      firstMs: totals.firstMs ?? nowMs,
      fabricated: this.#fabricated,
      newcomer,
    }
  }
}
