// `npm run oracle [-- --records N --seed S --json FILE]`: every feature of a disordered stream, on 3 and on 5 partitions,
// started anew at random places, against the slow second implementation. Exit code 1 when one of them differs.
import { writeFileSync } from 'node:fs'
import { parseOutputFile, parsePositive } from '#infra/cli/parse.ts'
import { tool } from '#infra/cli/tool.ts'
import { disorderedRecords } from '../helpers/oracle/disordered.ts'
import { holdAgainstOracle, ofEntities, parityTable, unequal } from '../helpers/oracle/parity.ts'
import { streamed } from '../helpers/oracle/streamed.ts'

/** A customer has about three records a day: some six weeks, so that windows of 30 days are full and move. */
const RECORDS_PER_CUSTOMER = 125
const TOLD_EVERY = 100_000

const { records, seed, json } = tool(
  'oracle',
  'every feature of a disordered stream against a second implementation; 0 if all are equal, else 1',
)
  .option('--records <n>', 'how many', parsePositive, 1_000_000)
  .option('--seed <text>', 'of the stream', 'oracle')
  .option('--json <file>', 'write what was found as JSON', parseOutputFile)
  .parse()
  .opts<{ records: number; seed: string; json?: string }>()
const say = (text: string): void => void process.stdout.write(`${text}\n`)
const number = (n: number): string => n.toLocaleString('en-IN')

const world = {
  seed,
  customers: Math.ceil(records / RECORDS_PER_CUSTOMER),
  records,
  duplicates: 0.02,
}
const { arrivals, reports } = disorderedRecords(world)
say(
  `seed ${world.seed}: ${number(world.customers)} customers, ${number(arrivals.length)} records as they arrive, ${number(reports.length)} reports`,
)

const runs = [3, 5].map((partitions) => {
  const { rows, ...how } = streamed(
    { arrivals, reports },
    { partitions, order: `${world.seed} ${partitions}`, restarts: 0.01 },
  )
  say(
    `\n${partitions} partitions: ${number(rows.size)} rows, ${number(how.duplicates)} second copies, ${number(how.checkpoints)} checkpoints, ${number(how.restarts)} restarts`,
  )
  const features = holdAgainstOracle(arrivals, reports, partitions, rows, (seen) => {
    if (process.stderr.isTTY && seen % TOLD_EVERY === 0) process.stderr.write(`\r${number(seen)} held\x1b[K\r`)
  })
  say(parityTable(features))
  return { partitions, ...how, rows, features }
})

const [one, other] = runs
const between = unequal(one!.rows, other!.rows)
const wrong = [...between].filter(([name, count]) => count > 0 && !ofEntities.has(name))
say('3 partitions against 5, records with other bits:')
for (const name of ofEntities) {
  say(`  ${name.padEnd(34)} ${number(between.get(name)!)} (late records are heard of between others)`)
}
for (const [name, count] of wrong) say(`  ${name.padEnd(34)} ${number(count)} MUST BE NONE`)
say(`  ${between.size - ofEntities.size - wrong.length} other features: none`)

const isHeld = wrong.length === 0 && runs.every(({ features }) => features.every(({ different }) => different === 0))
if (json !== undefined) {
  const told = runs.map(({ rows, ...run }) => ({ ...run, rows: rows.size }))
  const report = { ...world, delivered: arrivals.length, runs: told, between: Object.fromEntries(between), isHeld }
  writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`)
}
say(isHeld ? '\nEvery feature is what the oracle says.' : '\nNOT every feature is what the oracle says.')
process.exit(isHeld ? 0 : 1)
