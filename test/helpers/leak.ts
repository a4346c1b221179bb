import type { GroundTruth, Transaction } from '#schemas/types.ts'
import { customerNumber } from '#services/market/identifiers.ts'
import { World } from '#services/producer/world.ts'
import { Random, streamKey } from '#services/random.ts'
import { settingsSchema } from '#services/settings.ts'
import { InjectorRun } from './injector.ts'
import { metadataOf, Preceding } from './metadata.ts'
import { areaUnderCurve, describeTree, growTree, predict, type Table } from './shallow-tree.ts'

const SPEED = 600
/** The wall clock when the live part began: never a whole millisecond. */
const SINCE_MS = 1_760_000_000_123.37
const NEGATIVES_PER_POSITIVE = 2
const DEPTH = 3
/** Records of one account: a campaign repeats its device and payees, and must not weigh like many. */
const CUSTOMER_MAX = 4

/** Innocent payments that a twin inserts count as `twin`, but for gifts: sums that end in 1 are a custom, no form. */
type Kind = 'genuine' | 'fraud' | 'twin' | 'gift'

interface Sent {
  readonly tx: Transaction
  readonly kind: Kind
}

export interface Observed extends Sent {
  /** Computed for the few records that are looked at. */
  readonly columns: () => Record<string, number>
}

/** Spoils a record, to show what would be noticed. */
export type Tamper = (sent: Sent) => Transaction

/** A world with much fraud, sent at a speed: what a payment system sees and, apart from it, what is true. */
export class SentWorld {
  readonly #sent: Sent[]
  readonly #moment: (timeMs: number) => number

  constructor(seed: string, records: number) {
    const population = { customers: 3_000 }
    const settings = settingsSchema.parse({
      seed,
      partitions: 1,
      population,
      fraud: { rate: 0.05 },
      pace: { speed: SPEED },
    })
    const world = new World(settings, 0)
    const run = new InjectorRun(settings)
    const genuine = new Set<string>()
    this.#moment = (timeMs) => SINCE_MS + (timeMs - world.historyFromMs) / SPEED
    for (let i = 0; i < records; i++) {
      world.next(
        (topic, _key, value) => {
          if (topic !== 'transactions.genuine') return
          genuine.add((value as Transaction).transaction_id)
          run.genuine(value as Transaction)
        },
        Math.round(this.#moment(world.peekMs())),
      )
    }
    const kindOf = (truth: GroundTruth): Kind => {
      if (truth.is_fraud) return 'fraud'
      if (genuine.has(truth.transaction_id)) return 'genuine'
      return truth.campaign_phase === 'gifts' ? 'gift' : 'twin'
    }
    this.#sent = run.labelled.map(({ tx, truth }) => ({ tx, kind: kindOf(truth) }))
  }

  observe(tamper: Tamper = ({ tx }) => tx): Observed[] {
    const preceding = new Preceding()
    return this.#sent.map((sent) => {
      const tx = tamper(sent)
      const residualMs = (tx.intended_at ?? 0) - this.#moment(tx.event_time)
      const before = preceding.next(tx)
      return { tx, kind: sent.kind, columns: () => metadataOf(tx, before, residualMs) }
    })
  }
}

/** Behaviour that is not held against a record: how, what, with which answer, and how much about. */
const stratumOf = ({ tx }: Observed): string =>
  [
    tx.payment_rail,
    tx.channel,
    tx.event_type,
    tx.status_response.status,
    Math.floor(Math.log2(Math.max(1, tx.amount_minor))),
  ].join('/')

/** As many genuine records a positive in every stratum, at random; positives without enough of them stay out. */
function matched(all: readonly Observed[], isPositive: (observed: Observed) => boolean, random: Random): Observed[] {
  const strata = new Map<string, [Observed[], Observed[]]>()
  const counts = new Map<string, number>()
  for (const observed of sample(all, all.length, random)) {
    const positive = isPositive(observed)
    if (!positive && observed.kind !== 'genuine') continue
    const customer = `${observed.tx.account_id}/${positive}`
    const count = (counts.get(customer) ?? 0) + 1
    counts.set(customer, count)
    if (count > CUSTOMER_MAX) continue
    const stratum = strata.get(stratumOf(observed)) ?? [[], []]
    strata.set(stratumOf(observed), stratum)
    stratum[positive ? 0 : 1].push(observed)
  }
  return [...strata.values()].flatMap(([positives, negatives]) => {
    const count = Math.min(positives.length, Math.floor(negatives.length / NEGATIVES_PER_POSITIVE))
    return [...positives.slice(0, count), ...negatives.slice(0, NEGATIVES_PER_POSITIVE * count)]
  })
}

function sample<T>(items: readonly T[], count: number, random: Random): T[] {
  const shuffled = [...items]
  for (let i = 0; i < count; i++) {
    const j = random.integer(i, shuffled.length - 1)
    ;[shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!]
  }
  return shuffled.slice(0, count)
}

export interface Verdict {
  /** On customers that the tree has not seen: the mean over both halves of them. */
  readonly auc: number
  readonly positives: number
  /** The trees in words. */
  readonly trees: string
}

/** How well a shallow tree tells fraud, or anything inserted, from genuine payments by form alone. */
export function tellApart(all: readonly Observed[], what: 'fraud' | 'inserted', seed: string): Verdict {
  const isPositive = ({ kind }: Observed): boolean => kind === 'fraud' || (what === 'inserted' && kind === 'twin')
  const rows = matched(all, isPositive, new Random().at(streamKey(seed, 'sample'), 0, 0))
  const metadata = rows.map(({ columns }) => columns())
  const names = Object.keys(metadata[0]!)
  const table: Table = {
    names,
    columns: names.map((name) => Float64Array.from(metadata, (columns) => columns[name]!)),
    labels: Uint8Array.from(rows, (row) => (isPositive(row) ? 1 : 0)),
  }
  const isEven = (row: number): boolean => customerNumber(rows[row]!.tx.customer_id) % 2 === 0
  const indexes = [...rows.keys()]
  const halves = [indexes.filter(isEven), indexes.filter((row) => !isEven(row))] as const
  const both = [examine(table, halves[0], halves[1]), examine(table, halves[1], halves[0])] as const
  return {
    auc: (both[0].auc + both[1].auc) / 2,
    positives: table.labels.reduce((sum, label) => sum + label, 0),
    trees: both.map(({ tree }) => tree).join('\n'),
  }
}

function examine(table: Table, seen: readonly number[], unseen: readonly number[]): { auc: number; tree: string } {
  const tree = growTree(table, seen, DEPTH)
  const scores = unseen.map((row) => predict(table, tree, row))
  const labels = unseen.map((row) => table.labels[row]!)
  return { auc: areaUnderCurve(scores, labels), tree: describeTree(table, tree) }
}
