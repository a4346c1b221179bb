import type { Channel, PaymentRail, StatusResponse } from '#schemas/types.ts'
import type { Random } from '../random.ts'
import { AliasTable } from './alias.ts'
import data from './data/declines.json' with { type: 'json' }
import outages from './data/outages.json' with { type: 'json' }
import { issuers } from './issuers.ts'

/** What remains of a bank's technical declines when it is not down. */
const STEADY_SHARE = outages.bank.steadyShare

interface DeclineModel {
  /** Share of payments refused for the customer's reasons, other than missing money. */
  readonly business: number
  readonly codes: readonly string[]
  readonly table: AliasTable
  /** Share refused for technical reasons. */
  readonly technical: number
  readonly technicalCodes: readonly string[]
  /** Whether the rates are those of UPI's mean bank, from which each bank differs. */
  readonly byBank: boolean
  /** Whether the bank has to answer: what a wallet holds does not wait for it. */
  readonly needsBank: boolean
  readonly insufficientFunds: string
}

export const approved: StatusResponse = { status: 'APPROVED', response_code: '00' }

const declines = new Map<string, StatusResponse>()

/** The answer of a refused payment; one object a code. */
export function declined(code: string): StatusResponse {
  let response = declines.get(code)
  if (response === undefined) {
    response = { status: 'DECLINED', response_code: code }
    declines.set(code, response)
  }
  return response
}

const upiTechnical = ['UB', 'UP', '96'] as const
const switchTechnical = ['91', '96'] as const

interface Reasons {
  readonly business: number
  readonly weights: Readonly<Record<string, number>>
  readonly technical: number
  readonly technicalCodes: readonly string[]
  readonly insufficientFunds: string
  readonly byBank?: true
  readonly needsBank?: false
}

const model = ({ weights, byBank, needsBank, ...reasons }: Reasons): DeclineModel => ({
  ...reasons,
  codes: Object.keys(weights),
  table: new AliasTable(Object.values(weights)),
  byBank: byBank ?? false,
  needsBank: needsBank ?? true,
})

const upi = data.upi_reason_mix
const card = data.iso8583_reason_mix_card

/** NPCI codes. Where the source pools several codes, its weight is shared out between them. */
const withoutPin = {
  U69: upi.U69_ZA_expired_or_declined / 2,
  ZA: upi.U69_ZA_expired_or_declined / 2,
  Z7: upi.Z7_Z8_ZU_limits / 3,
  Z8: upi.Z7_Z8_ZU_limits / 3,
  ZU: upi.Z7_Z8_ZU_limits / 3,
  XB: upi.XB_XC_XH_other / 2,
  XH: upi.XB_XC_XH_other / 2,
  59: upi['59_U16_risk'] / 2,
  U16: upi['59_U16_risk'] / 2,
  YE: upi.YE_YF_frozen,
}
/**
 * Of a bank's refusals; the others follow from balances. These customers run out of money more rarely than the weights of
 * reasons have it: fitted so that what banks refuse in all is near what NPCI publishes.
 */
const DRAWN_SHARE = 0.8
const upiWithPin = model({
  business: data.UPI.business * DRAWN_SHARE,
  weights: { ZM: upi.ZM_wrong_pin, ...withoutPin },
  technical: data.UPI.technical,
  technicalCodes: upiTechnical,
  insufficientFunds: 'Z9',
  byBank: true,
})
/** Nobody mistypes a PIN where none is asked for (rates are modelling choices). */
const upiLite = model({
  business: 0.004,
  weights: { ZA: 1, U16: 1 },
  technical: 0.003,
  technicalCodes: upiTechnical,
  insufficientFunds: 'Z9',
  needsBank: false,
})
const upiAutopay = model({
  business: 0.015,
  weights: withoutPin,
  technical: data.UPI.technical,
  technicalCodes: upiTechnical,
  insufficientFunds: 'Z9',
  byBank: true,
})

const presentWeights = {
  55: card['55_wrong_pin'],
  54: card['54_expired'],
  61: card['61_65_limits'] / 2,
  65: card['61_65_limits'] / 2,
  '05': card['05_do_not_honour'],
  59: card['59_34_suspected_fraud'],
}
/** Online there is no PIN to mistype; the card's check value and the one-time password take its place. */
const { 55: _pin, ...remoteWeights } = { ...presentWeights, N7: card.N7_or_82_cvv, '1A': card['1A_or_AFA_failed'] }

/** An ISO 8583 switch. `rate` is the share refused for any reason but missing money. */
const byCard = (rate: number, technical: number, weights: Readonly<Record<string, number>>): DeclineModel =>
  model({ business: rate - technical, weights, technical, technicalCodes: switchTechnical, insufficientFunds: '51' })

const enough = 1 - card['51_insufficient']
const pos = byCard(data.CARD_POS.total * enough, data.CARD_POS.total * card['91_96_system'], presentWeights)
const ecom = byCard(data.CARD_ECOM.total * enough, data.CARD_ECOM.total * card['91_96_system'], remoteWeights)
const atm = byCard(data.ATM.business * 0.3 + data.ATM.technical, data.ATM.technical, presentWeights)
/** Bank transfers and wallets: no public mix; system errors and limits. */
const bank = byCard(0.02, 0.011, { '05': 2, 61: 1 })
const wallet: DeclineModel = { ...bank, needsBank: false }
const mandate = byCard(0.02, 0.015, { '05': 1 })
const cash: DeclineModel = { ...bank, business: 0, technical: 0, needsBank: false }

function declineModel(rail: PaymentRail, channel: Channel): DeclineModel {
  switch (rail) {
    case 'UPI':
      return channel === 'AUTOPAY' ? upiAutopay : upiWithPin
    case 'UPI_LITE':
      return upiLite
    case 'CREDIT_CARD':
    case 'DEBIT_CARD':
      return channel === 'ATM' ? atm : channel === 'ECOM' || channel === 'MOBILE_APP' ? ecom : pos
    case 'NACH':
      return mandate
    case 'PREPAID_WALLET':
      return wallet
    case 'CASH':
      return cash
    default:
      return bank
  }
}

/**
 * Whether a payment that has the money is refused all the same, and why: a response code, or null. `issuer` is the
 * bank's index in `issuers`, -1 for an unknown one; `outage` the share that it refuses just now because it is down.
 * Takes one draw, two when it is refused.
 */
export function drawDecline(
  rail: PaymentRail,
  channel: Channel,
  issuer: number,
  outage: number,
  random: Random,
): string | null {
  const { business, codes, table, technical, technicalCodes, byBank, needsBank } = declineModel(rail, channel)
  const bankOfPayer = byBank ? issuers[issuer] : undefined
  const refused = business * (bankOfPayer?.declineFactor ?? 1)
  const chance = random.unit()
  if (chance < refused) return codes[table.pick(random)]!
  const steady = bankOfPayer === undefined ? technical : bankOfPayer.technicalDeclines * STEADY_SHARE
  if (chance >= refused + steady + (needsBank ? outage : 0)) return null
  return technicalCodes[random.below(technicalCodes.length)]!
}

export const insufficientFundsCode = (rail: PaymentRail, channel: Channel): string =>
  declineModel(rail, channel).insufficientFunds
