import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { writeRules } from '#infra/cli/rules-topic.ts'
import { follow } from '#infra/cli/topic-access.ts'
import type { Tailed } from '#infra/kafka/tail.ts'
import { startLocalStack } from '#infra/local/stack.ts'
import { connectionEnvironment } from '#infra/service/connection.ts'
import type { InjectorStatus, ProducerStatus, ScorerStatus } from '#infra/service/status.ts'
import type { Alert, Rule } from '#schemas/types.ts'
import { prepare, start } from './inject.ts'
import { type Measure, median } from './measure.ts'

const ASKED_MS = 1_000
/** Payments a second: so many that the wait for one to fire on says nothing. */
const RATE = 200
const SCORED_BEFORE = 2_000
const WARM_UP = 3
const ROUNDS = 20
const COMMANDS = 5
const PATIENCE_MS = 30_000

const main = join(import.meta.dirname, '../../infra/cli/main.ts')

/** Fires at every payment. */
const ruleOf = (round: number): Rule => ({
  rule_id: `bench-${round}`,
  status: 'ACTIVE',
  kind: 'ANOMALY',
  severity: 'LOW',
  description: 'any payment at all',
  when: { op: 'GTE', feature: 'amount_minor', value: 1, times: null, of: null, children: [] },
  cooldown_seconds: 0,
  sample_share: 1,
})

/** From when a rule is put to when a reader of committed records sees its first alert: services and broker on this machine. */
export async function* rule(): AsyncGenerator<Measure> {
  const folder = mkdtempSync(join(tmpdir(), 'rupeestream-bench-'))
  const stack = await startLocalStack({ dataDir: join(folder, 'data') })
  const file = join(folder, 'scenario.yaml')
  const ended = new AbortController()
  try {
    const { connection } = stack
    const scenario = { population: { customers: 1_000 }, clock: { history: '0s' }, pace: { rate: RATE } }
    const settings = await prepare(stack, file, scenario)
    const scorer = start<ScorerStatus>('scorer', file, stack)
    const injector = start<InjectorStatus>('fraud-injector', file, stack)
    const producer = start<ProducerStatus>('producer', file, stack)
    try {
      await scorer.until(({ scored }) => scored >= SCORED_BEFORE)
      const first = new FirstAlerts(await follow(connection, settings, 'alerts.anomaly', false, ended.signal))
      const write = (round: number, rule: Rule | null) =>
        writeRules(connection, settings, new Map([[ruleOf(round).rule_id, rule]]))
      const put = (round: number) => write(round, ruleOf(round))
      const takeBack = (round: number) => write(round, null)
      // Readers have still to join, and code to compile.
      await roundsOf(-WARM_UP, WARM_UP, first, put, takeBack)
      yield* measures('a rule, written', await roundsOf(0, ROUNDS, first, put, takeBack))
      const command = async (round: number): Promise<void> => {
        const ruleFile = join(folder, `rule-${round}.json`)
        writeFileSync(ruleFile, JSON.stringify(ruleOf(round)))
        const env = { ...process.env, ...connectionEnvironment(connection) }
        await promisify(execFile)(process.execPath, [main, 'rules', 'put', ruleFile], { env })
      }
      yield* measures('a rule, put by command', await roundsOf(ROUNDS, COMMANDS, first, command, takeBack))
    } finally {
      ended.abort()
      for (const service of [producer, injector, scorer]) await service.stop()
    }
  } finally {
    await stack.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Who waits for the first alert of a rule. */
class FirstAlerts {
  readonly #waiting = new Map<string, (atMs: number) => void>()

  constructor(records: AsyncGenerator<Tailed>) {
    void this.#read(records)
  }

  /** The moment of the first alert. Rejects when none comes. */
  of(ruleId: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const given = setTimeout(() => reject(new Error(`no alert of ${ruleId} in ${PATIENCE_MS} ms`)), PATIENCE_MS)
      this.#waiting.set(ruleId, (atMs) => {
        clearTimeout(given)
        resolve(atMs)
      })
    })
  }

  async #read(records: AsyncGenerator<Tailed>): Promise<void> {
    for await (const { value } of records) {
      const { rule_id } = value as Alert
      this.#waiting.get(rule_id)?.(performance.now())
      this.#waiting.delete(rule_id)
    }
  }
}

/** Milliseconds of each round to the first alert. */
interface Took {
  readonly fromBegin: number[]
  /** 0 for an alert that was there before. */
  readonly fromEnd: number[]
}

/** Each rule is taken back before the next one is put: all at once would be a load. */
async function roundsOf(
  from: number,
  count: number,
  first: FirstAlerts,
  put: (round: number) => Promise<void>,
  takeBack: (round: number) => Promise<void>,
): Promise<Took> {
  const took: Took = { fromBegin: [], fromEnd: [] }
  for (let round = from; round < from + count; round++) {
    const alert = first.of(ruleOf(round).rule_id)
    const beganMs = performance.now()
    const ended = put(round).then(() => performance.now())
    const [atMs, endedMs] = await Promise.all([alert, ended])
    took.fromBegin.push(atMs - beganMs)
    took.fromEnd.push(Math.max(0, atMs - endedMs))
    await takeBack(round)
  }
  return took
}

function* measures(bench: string, { fromBegin, fromEnd }: Took): Generator<Measure> {
  const figure = (metric: string, value: number): Measure => ({
    bench,
    metric,
    value,
    unit: 'ms to the first alert',
    yardstick: `${ASKED_MS} ms asked`,
    ratio: ASKED_MS / Math.max(1, value),
  })
  yield figure('begun, least', Math.min(...fromBegin))
  yield figure('begun, median', median(fromBegin))
  yield figure('begun, most', Math.max(...fromBegin))
  yield figure('done, median', median(fromEnd))
  yield figure('done, most', Math.max(...fromEnd))
}
