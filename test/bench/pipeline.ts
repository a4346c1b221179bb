import { defaultSettings } from '#services/settings.ts'
import type { Measure } from './measure.ts'
import { runAt } from './start-run.ts'

const ASKED_PER_SECOND = 5_000
const ASKED_P99_MS = 1_000
const SECONDS = 60

/** All services, exactly once, broker and registry on the same machine, at the rate that is promised. */
export async function* pipeline(): AsyncGenerator<Measure> {
  const run = await runAt(ASKED_PER_SECOND, SECONDS)
  const bench = `pipeline, ${defaultSettings.partitions} partitions, ${defaultSettings.population.customers} customers`
  const asked = ASKED_PER_SECOND
  yield {
    bench,
    metric: 'acked',
    value: run.perSecond,
    unit: 'transactions/s',
    yardstick: `${asked}/s asked`,
    ratio: run.perSecond / asked,
  }
  yield {
    bench,
    metric: 'shortfall',
    value: run.shortfall,
    unit: 'transactions',
    yardstick: '0 asked',
    ratio: run.shortfall === 0 ? 1 : 0,
  }
  yield {
    bench,
    metric: 'intended to alert, p99',
    value: run.p99Ms,
    unit: 'ms',
    yardstick: `${ASKED_P99_MS} ms asked`,
    ratio: ASKED_P99_MS / run.p99Ms,
  }
  yield {
    bench,
    metric: 'cpu',
    value: run.cpuSecondsPerMillion,
    unit: 'CPU s per 1 M, all processes',
    yardstick: 'itself',
    ratio: 1,
  }
}
