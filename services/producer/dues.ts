import type { CivilDay } from '../market/calendar.ts'
import data from '../market/data/money-in.json' with { type: 'json' }
import { mix } from '../market/identifiers.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../time.ts'
import { incomeKinds, occupations } from './occupations.ts'
import type { Population } from './population.ts'

/** What comes on fixed days. Each has its own ordinal in the day, above those of ordinary payments. */
export const dues = {
  INCOME: 127,
  /** Equated monthly instalment of a loan, collected by NACH. */
  LOAN: 126,
  /** Insurance premium or fund instalment, collected by NACH. */
  SAVING: 125,
  /** A subscription, by UPI autopay. */
  SUBSCRIPTION: 124,
  CARD_BILL: 123,
  /** The card bill's arrival on the card account. */
  CARD_CREDIT: 122,
  PAY_LATER_BILL: 121,
  PAY_LATER_CREDIT: 120,
  LITE_LOAD: 119,
  /** The load's arrival on the UPI Lite account. */
  LITE_CREDIT: 118,
  WALLET_LOAD: 117,
  WALLET_CREDIT: 116,
  /** A mandate that was returned is presented once more. */
  LOAN_AGAIN: 115,
  SAVING_AGAIN: 114,
  /** Of the savings account, every quarter. */
  INTEREST: 113,
  CASH_DEPOSIT: 112,
} as const

/** Ordinals of a day: ordinary payments lie below `FIRST_DUE`. */
export const ORDINALS = 128
export const FIRST_DUE = 112

const LOAN_SHARE = 0.42
const SAVING_SHARE = 0.48
const SUBSCRIPTION_SHARE = 0.45
/** Share of customers who have set up UPI Lite (a modelling choice). */
const LITE_SHARE = 0.35
const WORD = 2 ** 32

const { cashDeposits } = data
const BUSINESS_OWNER = occupations.indexOf('BUSINESS_OWNER')
/** Days after which a returned mandate is presented again. */
const AGAIN_DAYS = 2

/** Whether a habit belongs to a customer, and a day of the month that is theirs for it. */
const has = (tag: number, habit: number, share: number): boolean => mix(tag, habit) / WORD < share
export const ownDay = (tag: number, habit: number, from: number, to: number): number =>
  from + (mix(tag, habit + 1000) % (to - from + 1))

/** Bit `ordinal - FIRST_DUE` is set for each due of the customer on the day. */
export function duesOn(people: Population, row: number, civil: CivilDay): number {
  const tag = people.tag[row]!
  const date = civil.dayOfMonth
  let found = incomeOn(people, row, civil) ? bit(dues.INCOME) : 0
  if (date <= 10 + AGAIN_DAYS) found |= mandatesOn(people, row, date)
  if (date === ownDay(tag, dues.SUBSCRIPTION, 1, 28) && has(tag, dues.SUBSCRIPTION, SUBSCRIPTION_SHARE)) {
    found |= bit(dues.SUBSCRIPTION)
  }
  if (people.cardLimitRupees[row]! > 0 && date === ownDay(tag, dues.CARD_BILL, 1, 28)) {
    found |= bit(dues.CARD_BILL) | bit(dues.CARD_CREDIT)
  }
  if (people.payLaterLimitRupees[row]! > 0 && date === ownDay(tag, dues.PAY_LATER_BILL, 3, 6)) {
    found |= bit(dues.PAY_LATER_BILL) | bit(dues.PAY_LATER_CREDIT)
  }
  if (civil.quarterBegins) found |= bit(dues.INTEREST)
  if (civil.weekday === (people.incomeDay[row]! + 3) % 7 && takesCash(people, row)) found |= bit(dues.CASH_DEPOSIT)
  if (date === ownDay(tag, dues.LITE_LOAD, 1, 28) && hasLite(tag)) found |= bit(dues.LITE_LOAD) | bit(dues.LITE_CREDIT)
  if (date % 14 === ownDay(tag, dues.WALLET_LOAD, 0, 13) && date <= 28) {
    found |= bit(dues.WALLET_LOAD) | bit(dues.WALLET_CREDIT)
  }
  return found
}

function mandatesOn(people: Population, row: number, date: number): number {
  const tag = people.tag[row]!
  let found = 0
  const afterLoan = date - ownDay(tag, dues.LOAN, 2, 7)
  if ((afterLoan === 0 || afterLoan === AGAIN_DAYS) && hasLoan(people, row)) {
    found |= bit(afterLoan === 0 ? dues.LOAN : dues.LOAN_AGAIN)
  }
  const afterSaving = date - ownDay(tag, dues.SAVING, 3, 10)
  if ((afterSaving === 0 || afterSaving === AGAIN_DAYS) && has(tag, dues.SAVING, SAVING_SHARE)) {
    found |= bit(afterSaving === 0 ? dues.SAVING : dues.SAVING_AGAIN)
  }
  return found
}

/** Whether a customer keeps money in UPI Lite. */
export const hasLite = (tag: number): boolean => has(tag, dues.LITE_LOAD, LITE_SHARE)

/** Whether a customer is paid in cash, among other ways, and brings it to the bank every week. */
export const takesCash = (people: Population, row: number): boolean =>
  people.occupation[row] === BUSINESS_OWNER && has(people.tag[row]!, dues.CASH_DEPOSIT, cashDeposits.ownersShare)

/** Students and those whom the family supports have no loans. */
export const hasLoan = (people: Population, row: number): boolean =>
  people.incomeKind[row] !== incomeKinds.FAMILY && has(people.tag[row]!, dues.LOAN, LOAN_SHARE)

function incomeOn(people: Population, row: number, civil: CivilDay): boolean {
  const day = people.incomeDay[row]!
  const kind = people.incomeKind[row]!
  if (kind === incomeKinds.WEEKLY) return civil.weekday === day
  const onDay = day === 31 ? civil.lastWorkingDay : civil.dayOfMonth === day
  return onDay || (kind === incomeKinds.FAMILY && civil.dayOfMonth === (day % 14) + 15)
}

const bit = (ordinal: number): number => 1 << (ordinal - FIRST_DUE)

/** Milliseconds after 03:00 at which a due comes: employers and mandates run in the morning, people pay bills by day. */
export function dueMs(ordinal: number, tag: number, day: number): number {
  const chance = mix(tag ^ ordinal, day) / WORD
  switch (ordinal) {
    case dues.INCOME:
    case dues.INTEREST:
      return Math.floor(HOUR_MS + chance * 8 * HOUR_MS)
    case dues.LOAN:
    case dues.SAVING:
    case dues.SUBSCRIPTION:
    case dues.LOAN_AGAIN:
    case dues.SAVING_AGAIN:
      return Math.floor(2 * HOUR_MS + chance * 5 * HOUR_MS)
    case dues.CARD_CREDIT:
      return dueMs(dues.CARD_BILL, tag, day) + settlingMs(chance)
    case dues.PAY_LATER_CREDIT:
      return dueMs(dues.PAY_LATER_BILL, tag, day) + settlingMs(chance)
    case dues.LITE_CREDIT:
      return dueMs(dues.LITE_LOAD, tag, day) + LOADING_MS
    case dues.WALLET_CREDIT:
      return dueMs(dues.WALLET_LOAD, tag, day) + LOADING_MS
    default:
      return Math.floor(6 * HOUR_MS + chance * 12 * HOUR_MS)
  }
}

/** What is loaded from the savings account is there at once, as people see it. */
const LOADING_MS = 2 * SECOND_MS

/** A bill paid reaches the card within 10 seconds to 20 minutes. */
const settlingMs = (chance: number): number => Math.floor(10 * SECOND_MS + chance * 20 * MINUTE_MS)
