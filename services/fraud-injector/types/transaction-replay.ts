import type { ModusOperandi, Transaction } from '#schemas/types.ts'
import { cityIndex } from '../../market/cities.ts'
import { deviceId } from '../../market/identifiers.ts'
import { merchantIndex } from '../../market/merchants.ts'
import { BRANCHES, branchNumber, terminalOf } from '../../market/terminals.ts'
import type { Random } from '../../random.ts'
import { MINUTE_MS } from '../../time.ts'
import type { Campaign, Template } from '../account.ts'
import { fraudMethod } from '../define.ts'
import { fraudTypes } from '../fraud-types.ts'
import { inPerson, shapeOf } from '../history.ts'
import type { Beginning, Change, PaymentStep, Scene, Script } from '../method.ts'
import { draw } from '../spread.ts'
import { payment } from '../steps.ts'

const row = fraudTypes.TRANSACTION_REPLAY
const RUPEE = 100
const shapes: ReadonlySet<string> = new Set([
  'CREDIT_CARD/POS/AUTHORISATION',
  'DEBIT_CARD/POS/AUTHORISATION',
  'CREDIT_CARD/ECOM/AUTHORISATION',
  'DEBIT_CARD/ECOM/AUTHORISATION',
  'UPI/QR/AUTHORISATION',
  'PREPAID_WALLET/MOBILE_APP/AUTHORISATION',
])
/** ISO 8583 and NPCI: the issuer or the switch did not answer in time. */
const TIMED_OUT: ReadonlySet<string> = new Set(['91', '96', 'UB'])

const isApproved = (tx: Transaction): boolean => tx.status_response.status === 'APPROVED'

const fraud: Script = {
  eligible: (tx) =>
    shapes.has(shapeOf(tx)) &&
    isApproved(tx) &&
    tx.balance_after_minor !== null &&
    tx.amount_minor >= row.amountRupeesMin * RUPEE &&
    tx.balance_after_minor >= tx.amount_minor,
  begin: (tx, { random }) => {
    const own: ModusOperandi = tx.channel === 'POS' ? 'TERMINAL_REPLAY' : 'TOKEN_REPLAY'
    const modus = random.chance(row.presentmentShare) ? 'DUPLICATE_PRESENTMENT' : own
    const mark = { phase: 'original', sequence: 1, role: 'COMPROMISE_POINT', isFraud: false, evidence: {} } as const
    return { ...beginsAt(tx), modus, compromiseMs: tx.event_time, mark }
  },
  steps: (campaign, { account, random }) => {
    const template = originalOf(campaign, account.templates)
    if (template === undefined) return []
    const original = copyOf(template)
    // The merchant presents its own payment twice from where it was made; who has captured one is mostly elsewhere.
    const moved = campaign.modus !== 'DUPLICATE_PRESENTMENT' && random.chance(row.otherDeviceShare)
    const device = moved ? elsewhere(template, random) : {}
    const gaps = Array.from({ length: draw(row.count, random) }, () => draw(row.gapMinutes, random))
    return gaps
      .sort((a, b) => a - b)
      .map((minutes, i) => {
        const reference = random.chance(row.sameReferenceShare) ? referenceOf(campaign) : {}
        const exact = random.chance(row.sameAmountShare)
        return again(campaign, 'replay', i, minutes, nearly(campaign, exact, random), {
          ...original,
          ...device,
          ...reference,
        })
      })
  },
}

/** The steps are planned a millisecond later, while this payment is the last of its shape. */
const beginsAt = (tx: Transaction): Pick<Beginning, 'startMs'> & { facts: Record<string, string> } => ({
  startMs: tx.event_time + 1,
  facts: {
    shape: shapeOf(tx),
    amount: String(tx.amount_minor),
    original_transaction_id: tx.transaction_id,
    reference: tx.retrieval_reference_number,
    trace: tx.system_trace_audit_number,
    device: tx.device_id ?? tx.terminal_id ?? '',
  },
})

const originalMs = ({ startMs }: Campaign): number => startMs - 1

function originalOf(campaign: Campaign, templates: Readonly<Record<string, Template>>): Template | undefined {
  const template = templates[campaign.facts.shape!]
  return template?.event_time === originalMs(campaign) ? template : undefined
}

/** All that a step may change, as the original has it: the customer may well have paid elsewhere since. */
const copyOf = (original: Template): Change => ({
  merchant_id: original.merchant_id,
  terminal_id: original.terminal_id,
  mcc: original.mcc,
  merchant_name: original.merchant_name,
  category: original.category,
  subcategory: original.subcategory,
  merchant_type: original.merchant_type,
  city: original.city,
  state_code: original.state_code,
  lat: original.lat,
  lon: original.lon,
  location_type: original.location_type,
  shipping_city: original.shipping_city,
  shipping_address_hash: original.shipping_address_hash,
  pos_entry_mode: original.pos_entry_mode,
  authentication_method: original.authentication_method,
  device_id: original.device_id,
  device_os: original.device_os,
  app_version: original.app_version,
  ip_prefix: original.ip_prefix,
})

/** Another terminal of the same merchant, or another phone. */
function elsewhere({ terminal_id, merchant_id, city }: Template, random: Random): Change {
  if (terminal_id === null || merchant_id === null) return { device_id: deviceId(random.uint32()) }
  return { terminal_id: terminalOf(merchantIndex(merchant_id), branchNumber(cityIndex(city), random.below(BRANCHES))) }
}

const referenceOf = ({ facts }: Campaign): Change => ({
  retrieval_reference_number: facts.reference!,
  system_trace_audit_number: facts.trace!,
})

/** The same amount, or one a per cent off, in whole rupees where the original is. */
function nearly({ facts }: Campaign, exact: boolean, random: Random): number {
  const amount = Number(facts.amount)
  if (exact) return amount
  const unit = amount % RUPEE === 0 ? RUPEE : 1
  return amount + Math.trunc((amount * random.uniform(-row.amountOff, row.amountOff)) / unit) * unit
}

function again(
  campaign: Campaign,
  phase: string,
  i: number,
  minutes: number,
  amountMinor: number,
  change: Change,
): PaymentStep {
  const atMs = originalMs(campaign) + Math.round(minutes * MINUTE_MS) + i + 1
  const shape = campaign.facts.shape!
  return payment({ atMs, phase, sequence: i + 1, shape, amountMinor, change, shortage: 'decline' })
}

const kinds = { SAME_AGAIN: 'same_again', RETRY: 'timeout_retry' } as const

/** The same tea twice, a bill in equal shares; or a payment that timed out, tried again under its own reference. */
const twin: Script = {
  // Time-outs are rare, small payments are not: without the last line there would be none of the former.
  eligible: (tx, { random }) =>
    shapes.has(shapeOf(tx)) &&
    tx.balance_after_minor !== null &&
    (isTimeout(tx) ||
      (isApproved(tx) &&
        inPerson(tx) &&
        tx.amount_minor <= row.twin.amountRupeesMax * RUPEE &&
        random.chance(row.twin.sameAgainShare))),
  begin: (tx) => {
    const { startMs, facts } = beginsAt(tx)
    const kind = isTimeout(tx) ? kinds.RETRY : kinds.SAME_AGAIN
    return { startMs, modus: 'NONE', compromiseMs: null, facts: { ...facts, kind } }
  },
  steps: sameAgain,
}

const isTimeout = (tx: Transaction): boolean => TIMED_OUT.has(tx.status_response.response_code)

function sameAgain(campaign: Campaign, { account, random }: Scene): PaymentStep[] {
  const template = originalOf(campaign, account.templates)
  if (template === undefined) return []
  const amount = Number(campaign.facts.amount)
  const phase = campaign.facts.kind!
  if (phase === kinds.RETRY)
    return [
      again(campaign, phase, 0, draw(row.twin.retryMinutes, random), amount, {
        ...copyOf(template),
        ...referenceOf(campaign),
      }),
    ]
  const gaps = Array.from({ length: draw(row.twin.count, random) }, () => draw(row.twin.gapMinutes, random))
  return gaps
    .sort((a, b) => a - b)
    .map((minutes, i) => ({
      ...again(campaign, phase, i, minutes, amount, copyOf(template)),
      inPerson: inPerson(template),
    }))
}

function evidence(tx: Transaction, campaign: Campaign): Record<string, string> {
  const { original_transaction_id, reference, device } = campaign.facts
  return {
    original_transaction_id: original_transaction_id!,
    gap_seconds: ((tx.event_time - originalMs(campaign)) / 1_000).toFixed(0),
    // What the terminal signed is no field of a record; it is the same whatever the reference says.
    same_cryptogram: 'true',
    same_reference: String(tx.retrieval_reference_number === reference),
    device_changed: String((tx.device_id ?? tx.terminal_id ?? '') !== device),
  }
}

export const transactionReplay = fraudMethod('TRANSACTION_REPLAY', {
  fraud,
  twin,
  evidence,
  reason: ({ facts }) => `Payment ${facts.original_transaction_id} submitted again`,
})
