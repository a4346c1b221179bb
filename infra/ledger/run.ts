import type { Transaction } from '#schemas/types.ts'
import { World } from '#services/producer/world.ts'
import { type Settings, settingsSchema } from '#services/settings.ts'
import { type Invariant, invariants, LedgerCheck } from './check.ts'

/** As many live as pay five million times in about four months, festivals among them. */
const CUSTOMERS = 20_000
const FROM = '2025-08-15'

export const ledgerSettings = (seed: string | undefined, customers: number = CUSTOMERS): Settings =>
  settingsSchema.parse({ seed, partitions: 1, population: { customers }, clock: { start: FROM, history: '1d' } })

/** Lets genuine customers live until they have made `records` transactions, and checks each; tells `onRecord` how many. */
export function checkWorld(settings: Settings, records: number, onRecord: (record: number) => void): LedgerCheck {
  const check = new LedgerCheck()
  const world = new World(settings, 0)
  while (check.records < records) {
    world.next((topic, _key, value) => {
      if (topic === 'transactions.genuine') check.check(value as Transaction)
    }, null)
    onRecord(check.records)
  }
  return check
}

/** For people: what was held how often, and what was not. */
export function ledgerTable({ seed }: Settings, check: LedgerCheck): string {
  const number = (n: number) => n.toLocaleString('en-IN')
  const lines = (Object.keys(invariants) as Invariant[]).map((invariant) => {
    const broken = check.counts[invariant]
    const result = broken === 0 ? 'held  ' : 'BROKEN'
    return `${result}  ${invariants[invariant].padEnd(90)}  ${number(check.checked[invariant])} times${broken === 0 ? '' : `, ${number(broken)} not`}`
  })
  const examples = check.examples.map(
    ({ invariant, transactionId, detail }) => `  ${invariant} ${transactionId}: ${detail}`,
  )
  const run = `${number(check.records)} transactions on ${number(check.accounts)} accounts of ${number(check.customers)} customers, seed ${seed}`
  return `${[run, '', ...lines, ...(examples.length > 0 ? ['', 'The first that are broken:', ...examples] : [])].join('\n')}\n`
}
