import { roundCash } from '../market/amounts.ts'
import data from '../market/data/money-in.json' with { type: 'json' }
import { limits } from '../market/limits.ts'
import { byMachine } from './cash-machine.ts'
import { takesCash } from './dues.ts'
import { WEEKS_PER_MONTH } from './occupations.ts'
import { accounts, instruments, type Payment } from './payment.ts'
import type { Scene } from './scene.ts'

const QUARTER_OF_YEAR = 0.25
const { cashDeposits, savingsInterestPercent } = data

/** Interest of a quarter on what is there when it ends; in whole rupees, as banks book it. */
export function receiveInterest(out: Payment, { ledger, row }: Scene): boolean {
  const rupees = (ledger.savings[row]! / 100) * (savingsInterestPercent.value / 100) * QUARTER_OF_YEAR
  if (rupees < 1) return false
  out.amountMinor = Math.round(rupees) * 100
  out.eventType = 'CREDIT'
  out.account = accounts.SAVINGS
  out.rail = 'NET_BANKING'
  out.instrument = instruments.ACCOUNT
  out.channel = 'BRANCH'
  out.authentication = 'NONE'
  out.category = 'INCOME'
  out.subcategory = 'Interest'
  out.merchantType = 'UNKNOWN'
  return true
}

/** A week's takings in cash, paid in at a machine near home; whoever is travelling does not. */
export function depositCash(out: Payment, scene: Scene): boolean {
  const { people, lives, random, row, whereabouts } = scene
  if (whereabouts.city !== lives.home || lives.income === 0) return false
  const month = people.incomeRupees[row]! * lives.income
  const rupees = ((month * cashDeposits.takingsShare) / WEEKS_PER_MONTH) * random.lognormal(1, 0.3)
  out.amountMinor = Math.min(limits.cashDepositMinor, roundCash(rupees, random))
  out.eventType = 'CREDIT'
  byMachine(out, scene, 0)
  out.subcategory = 'Cash deposit'
  return true
}

/** The part of a customer's income that does not come as cash. */
export const bankedShare = ({ people, row }: Scene): number =>
  takesCash(people, row) ? 1 - cashDeposits.takingsShare : 1
