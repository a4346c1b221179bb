import type { Question, Rule } from '#schemas/types.ts'
import type { StateCodec } from '#services/fold.ts'
import { ByteReader, ByteWriter } from './bytes.ts'
import { Outgoing } from './outgoing.ts'
import { PendingPayments } from './pending.ts'
import { ReportClock } from './report-relay.ts'
import { RuleBook } from './rule-book.ts'
import { SeenIds } from './seen-ids.ts'

/** Totals of the data since the beginning. */
export interface ScorerTotals {
  scored: number
  velocity: number
  anomaly: number
  fraud: number
  /** More than a day behind their customer's newest record: scored, but remembered no more. */
  tooLate: number
  /** Delivered again: not scored twice. */
  duplicates: number
  /** Payments that left their customer's windows before their time, for the limit on how many are kept. */
  crowdedOut: number
}

export interface WaitingWatermark {
  readonly records: number
  readonly timeMs: number
}

/** What the customer fold keeps for a partition as a whole. */
export interface CustomerShared {
  readonly pending: PendingPayments
  readonly seen: SeenIds
  readonly questions: Outgoing<Question>
  readonly reports: ReportClock
  readonly rules: RuleBook
  readonly totals: ScorerTotals
  /** Why rules of the topic were not taken, by rule_id. */
  readonly rejectedRules: ReadonlyMap<string, readonly string[]>
  /** Records of `transactions` read so far, those that were refused among them. */
  consumed: number
  /** Watermarks that speak of more records than have been read. */
  watermarks: WaitingWatermark[]
  /** The stream time that the entity folds have been told. */
  toldMs: number
}

const totalNames = ['scored', 'velocity', 'anomaly', 'fraud', 'tooLate', 'duplicates', 'crowdedOut'] as const

function sharedOf(pending: PendingPayments, seen: SeenIds, reports: ReportClock): CustomerShared {
  const rules = new RuleBook()
  return {
    pending,
    seen,
    questions: new Outgoing(),
    reports,
    rules,
    rejectedRules: rules.rejected,
    totals: { scored: 0, velocity: 0, anomaly: 0, fraud: 0, tooLate: 0, duplicates: 0, crowdedOut: 0 },
    consumed: 0,
    watermarks: [],
    toldMs: Number.NEGATIVE_INFINITY,
  }
}

export const newCustomerShared = (): CustomerShared => sharedOf(new PendingPayments(), new SeenIds(), new ReportClock())

export const customerSharedCodec: StateCodec<CustomerShared> = {
  version: 6,
  encode: (shared) => {
    const out = new ByteWriter()
    shared.pending.write(out)
    shared.seen.write(out)
    shared.reports.write(out)
    // Rules are few and nested: JSON says it shortest.
    out.text(JSON.stringify(shared.rules.changed))
    for (const name of totalNames) out.varint(shared.totals[name])
    out.varint(shared.consumed)
    out.f64(shared.toldMs)
    out.varint(shared.watermarks.length)
    for (const { records, timeMs } of shared.watermarks) {
      out.varint(records)
      out.f64(timeMs)
    }
    return out.finish()
  },
  decode: (bytes) => {
    const from = new ByteReader(bytes)
    const shared = sharedOf(PendingPayments.read(from), SeenIds.read(from), ReportClock.read(from))
    for (const rule of JSON.parse(from.text()) as Rule[]) shared.rules.apply(rule.rule_id, rule)
    for (const name of totalNames) shared.totals[name] = from.varint()
    shared.consumed = from.varint()
    shared.toldMs = from.f64()
    for (let left = from.varint(); left > 0; left--) {
      shared.watermarks.push({ records: from.varint(), timeMs: from.f64() })
    }
    return shared
  },
}
