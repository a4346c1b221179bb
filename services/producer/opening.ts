import { Random, streamKey } from '../random.ts'
import type { Ledger } from './ledger.ts'
import type { Population } from './population.ts'
import { liteTargetMinor, walletTargetMinor } from './stored-value.ts'
import { CONTACTS } from './transfer.ts'

const KNOWN_SHARE = 0.85

/** What customers have on the first day of history: savings of some weeks, bills half run up, and most contacts known. */
export function openLedger(ledger: Ledger, people: Population, seed: string): void {
  const key = streamKey(seed, 'opening')
  const random = new Random()
  for (let row = 0; row < people.count; row++) {
    random.at(key, people.number[row]!, 0)
    const income = people.incomeRupees[row]!
    ledger.savings[row] = Math.round(random.lognormal(income * 0.8, 0.9) * 100)
    ledger.cardOwed[row] = Math.round(people.cardLimitRupees[row]! * random.uniform(0, 0.3)) * 100
    ledger.payLaterOwed[row] = Math.round(people.payLaterLimitRupees[row]! * random.uniform(0, 0.3)) * 100
    let known = 0
    for (let contact = 0; contact < CONTACTS; contact++) if (random.unit() < KNOWN_SHARE) known |= 1 << contact
    ledger.knownContacts[row] = known
    ledger.liteMinor[row] = Math.round(liteTargetMinor(people.tag[row]!) * random.unit())
    ledger.walletMinor[row] = Math.round(walletTargetMinor(people, row) * random.unit())
  }
}
