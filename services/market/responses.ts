import type { Channel, PaymentRail, StatusResponse } from '#schemas/types.ts'
import type { Random } from '../random.ts'
import { AliasTable } from './alias.ts'
import data from './data/declines.json' with { type: 'json' }

interface DeclineModel {
  /** Share of payments refused for other reasons than missing money. */
  readonly rate: number
  readonly codes: readonly string[]
  readonly table: AliasTable
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

function model(rate: number, insufficientFunds: string, weights: Readonly<Record<string, number>>): DeclineModel {
  return { rate, insufficientFunds, codes: Object.keys(weights), table: new AliasTable(Object.values(weights)) }
}

const upi = data.upi_reason_mix
const card = data.iso8583_reason_mix_card

/** NPCI codes. Where the source pools several codes, its weight is shared out between them. */
const upiModel = model(data.UPI.business * (1 - upi.Z9_insufficient_funds) + data.UPI.technical, 'Z9', {
  ZM: upi.ZM_wrong_pin,
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
  UB: upi.technical_UP_UB_96_RB / 2,
  96: upi.technical_UP_UB_96_RB / 2,
})

const presentWeights = {
  55: card['55_wrong_pin'],
  54: card['54_expired'],
  61: card['61_65_limits'] / 2,
  65: card['61_65_limits'] / 2,
  '05': card['05_do_not_honour'],
  91: card['91_96_system'] / 2,
  96: card['91_96_system'] / 2,
  59: card['59_34_suspected_fraud'],
}
/** Online there is no PIN to mistype; the card's check value and the one-time password take its place. */
const { 55: _pin, ...remoteWeights } = { ...presentWeights, N7: card.N7_or_82_cvv, '1A': card['1A_or_AFA_failed'] }

const enough = 1 - card['51_insufficient']
const posModel = model(data.CARD_POS.total * enough, '51', presentWeights)
const ecomModel = model(data.CARD_ECOM.total * enough, '51', remoteWeights)
const atmModel = model(data.ATM.business * 0.3 + data.ATM.technical, '51', presentWeights)
/** Bank transfers and wallets: no public mix; system errors and limits. */
const bankModel = model(0.02, '51', { '05': 2, 61: 1, 91: 3, 96: 1 })
const mandateModel = model(0.02, '51', { '05': 1, 91: 2, 96: 1 })
const cashModel = model(0, '51', { '05': 1 })

export function declineModel(rail: PaymentRail, channel: Channel): DeclineModel {
  switch (rail) {
    case 'UPI':
    case 'UPI_LITE':
      return upiModel
    case 'CREDIT_CARD':
    case 'DEBIT_CARD':
      return channel === 'ATM' ? atmModel : channel === 'ECOM' || channel === 'MOBILE_APP' ? ecomModel : posModel
    case 'NACH':
      return mandateModel
    case 'CASH':
      return cashModel
    default:
      return bankModel
  }
}

/**
 * Whether a payment that has the money is refused all the same, and why: a response code, or null. `issuerFactor` is
 * the bank's own business-decline rate over the mean. Takes one draw, two when it is refused.
 */
export function drawDecline(rail: PaymentRail, channel: Channel, issuerFactor: number, random: Random): string | null {
  const { rate, codes, table } = declineModel(rail, channel)
  return random.unit() < rate * issuerFactor ? codes[table.pick(random)]! : null
}

export const insufficientFundsCode = (rail: PaymentRail, channel: Channel): string =>
  declineModel(rail, channel).insufficientFunds
