import { DAY_MS } from '#services/time.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'

/** A rule that fires again within this, or within its cool-down if that is longer, goes on with the same cause. */
const GAP_MS = DAY_MS

/** Of one customer: the rules, and the transactions of all their groups together, that are remembered at the most. */
const GROUPS_MAX = 16
const TRANSACTIONS_MAX = 32

export interface FiredOn {
  readonly transactionId: string
  readonly timeMs: number
}

/** The payments of a customer on which one rule has fired, one soon after the other: one cause. */
export interface AlertGroup {
  readonly rule: number
  /** The one that its first alert was raised on. */
  readonly firstId: string
  /** In the order in which they were judged, this one included; the newest, where they are many. */
  readonly transactions: readonly FiredOn[]
}

interface OpenGroup extends AlertGroup {
  /** Made anew with each, as the groups are: an array that is pushed to takes room for 16 more, and most have one. */
  transactions: readonly FiredOn[]
  /** Silent until then, event time. */
  untilMs: number
  lastMs: number
}

/** The causes that are open for one customer, one a rule. */
export class AlertGroups {
  #groups: OpenGroup[] = []

  /**
   * Takes in that a rule has fired. Returns its group if an alert is due, undefined while the rule is silent. Without a
   * cool-down every payment is a cause of its own.
   */
  fire(rule: number, cooldownMs: number, fired: FiredOn): AlertGroup | undefined {
    if (cooldownMs === 0) return { rule, firstId: fired.transactionId, transactions: [fired] }
    const gapMs = Math.max(GAP_MS, cooldownMs)
    const group = this.#goingOn(rule, fired.timeMs - gapMs) ?? this.#begin(rule, fired)
    group.transactions = group.transactions.concat(fired)
    group.lastMs = Math.max(group.lastMs, fired.timeMs)
    this.#forgetOldest(group)
    if (fired.timeMs < group.untilMs) return undefined
    group.untilMs = fired.timeMs + cooldownMs
    return group
  }

  write(out: ByteWriter): void {
    out.varint(this.#groups.length)
    for (const { rule, firstId, untilMs, lastMs, transactions } of this.#groups) {
      out.u32(rule)
      out.text(firstId)
      out.f64(untilMs)
      out.f64(lastMs)
      out.varint(transactions.length)
      for (const { transactionId, timeMs } of transactions) {
        out.text(transactionId)
        out.f64(timeMs)
      }
    }
  }

  static read(from: ByteReader): AlertGroups {
    const groups = new AlertGroups()
    groups.#groups = Array.from({ length: from.varint() }, () => readGroup(from))
    return groups
  }

  #goingOn(rule: number, sinceMs: number): OpenGroup | undefined {
    return this.#groups.find((group) => group.rule === rule && group.lastMs >= sinceMs)
  }

  /** In place of the rule's last group, and, where there is no room, of the one that fired the longest time ago. */
  #begin(rule: number, { transactionId, timeMs }: FiredOn): OpenGroup {
    this.#groups = this.#groups.filter((group) => group.rule !== rule)
    if (this.#groups.length === GROUPS_MAX) this.#groups.splice(this.#groups.indexOf(this.#stalest(this.#groups)), 1)
    const group: OpenGroup = { rule, firstId: transactionId, transactions: [], untilMs: timeMs, lastMs: timeMs }
    this.#groups = this.#groups.concat(group)
    return group
  }

  /** The payment that `current` has just got stays, whatever its time. */
  #forgetOldest(current: OpenGroup): void {
    let count = 0
    for (const { transactions } of this.#groups) count += transactions.length
    if (count <= TRANSACTIONS_MAX) return
    const spare = this.#groups.filter((group) => group.transactions.length > (group === current ? 1 : 0))
    const stalest = this.#stalest(spare)
    stalest.transactions = stalest.transactions.slice(1)
  }

  #stalest(groups: readonly OpenGroup[]): OpenGroup {
    return groups.reduce((stalest, group) => (group.lastMs < stalest.lastMs ? group : stalest))
  }
}

function readGroup(from: ByteReader): OpenGroup {
  const [rule, firstId, untilMs, lastMs] = [from.u32(), from.text(), from.f64(), from.f64()]
  const transactions = Array.from({ length: from.varint() }, () => readFired(from, firstId))
  return { rule, firstId, transactions, untilMs, lastMs }
}

/** Mostly the first one: its text is kept once. */
function readFired(from: ByteReader, firstId: string): FiredOn {
  const id = from.text()
  return { transactionId: id === firstId ? firstId : id, timeMs: from.f64() }
}
