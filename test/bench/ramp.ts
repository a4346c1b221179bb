import { defaultSettings } from '#services/settings.ts'
import type { Measure } from './measure.ts'
import { runAt } from './start-run.ts'

const FROM = 4_000
const STEP = 1_000
const TO = 20_000
const SECONDS = 20
const P99_MAX_MS = 1_000

/** The highest rate, in steps, at which the whole pipeline has no shortfall and 99 % of its alerts come within a second. */
export async function* ramp(): AsyncGenerator<Measure> {
  let best = 0
  for (let rate = FROM; rate <= TO; rate += STEP) {
    const { shortfall, p99Ms } = await runAt(rate, SECONDS)
    process.stderr.write(`${rate}/s: shortfall ${shortfall}, p99 ${p99Ms} ms\n`)
    if (shortfall > 0 || p99Ms > P99_MAX_MS) break
    best = rate
  }
  const bench = `ramp, ${defaultSettings.partitions} partitions, ${defaultSettings.population.customers} customers`
  yield {
    bench,
    metric: 'sustained',
    value: best,
    unit: `transactions/s for ${SECONDS} s`,
    yardstick: '5,000/s asked',
    ratio: best / 5_000,
  }
}
