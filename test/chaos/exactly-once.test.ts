import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ObservedStage } from '#infra/kafka/restore-tasks.ts'
import { alertTopics } from '#schemas/topics.ts'
import { decodeFeatures } from '#services/scorer/features.ts'
import rules from '#services/scorer/rules.json' with { type: 'json' }
import { shippedScoring } from '#services/scorer/score.ts'
import { Disturbance, until } from '../helpers/chaos/disturb.ts'
import { FaultProxy } from '../helpers/chaos/proxy.ts'
import { Stage, type Verdict } from '../helpers/chaos/stage.ts'
import { type Subject, subjects } from '../helpers/chaos/subjects.ts'
import { describeOnStack, sharedStack } from '../helpers/stack.ts'

const untouched = (verdict: Verdict) =>
  expect(verdict).toEqual({ expected: verdict.expected, duplicates: 0, losses: 0, isEqual: true, differences: [] })

/** Of what the scorer is disturbed in: the shipped model scores and explains, most rules fire, each family of detectors finds. */
function expectAllOn(stage: Stage): void {
  const scores = stage.expected('scores')
  expect(new Set(scores.map(({ model_version }) => model_version))).toEqual(new Set([shippedScoring().version]))
  expect(Math.max(...scores.map(({ score }) => score))).toBeGreaterThan(0.5)
  const alerts = Object.values(alertTopics).flatMap((topic) => stage.expected(topic))
  expect(alerts.some(({ reasons }) => reasons.some(({ contribution }) => contribution > 0))).toBe(true)
  expect(new Set(alerts.map(({ rule_id }) => rule_id)).size).toBeGreaterThan(rules.length / 2)
  const rows = stage.expected('features').map(({ values }) => decodeFeatures(values))
  for (const family of ['behavioral', 'geographic', 'temporal', 'amount']) {
    expect(
      rows.some((row) => row.get(`anom_share_${family}_30d`)! > 0),
      family,
    ).toBe(true)
  }
  // Reports were passed on to their merchants, and came back in answers.
  expect(rows.some((row) => row.get('merchant_reported_fraud_rate_30d')! > 0)).toBe(true)
}

for (const subject of subjects) describeOnStack(`the ${subject.service}, exactly once`, () => exactlyOnce(subject))

function exactlyOnce(subject: Subject): void {
  const { connection } = sharedStack()
  let stage: Stage
  let run: Disturbance

  beforeEach(async () => {
    stage = await Stage.open({ connection, simulatedHours: 96, ...subject })
    run = new Disturbance(stage, subject.service, connection)
  })
  afterEach(async () => {
    await run.end()
    await stage.close()
  })

  test('undisturbed, it writes what the same folds write in memory', async () => {
    run.start()
    const verdict = await run.finish()
    expect(verdict.expected).toBeGreaterThan(1_000)
    untouched(verdict)
    for (const topic of subject.outputs) expect(stage.expected(topic).length, topic).toBeGreaterThan(0)
    if (subject.service === 'scorer') expectAllOn(stage)
  })

  test('killed after every step of a transaction, and again, it repeats and loses nothing', async () => {
    for (const stage of ['sent', 'offsets-sent', 'committing', 'committed'] as const satisfies ObservedStage[]) {
      for (const transaction of [3, 6]) await run.startAndLose({ fault: { stage, transaction, signal: 'SIGKILL' } })
    }
    run.start()
    untouched(await run.finish())
    expect(run.kills).toBe(8)
  })

  test('killed after every step of a checkpoint, and again, it repeats and loses nothing', async () => {
    const stages = [
      'checkpoint-sent',
      'checkpoint-committing',
      'checkpoint-committed',
    ] as const satisfies ObservedStage[]
    for (const stage of stages) {
      for (const transaction of [3, 6]) await run.startAndLose({ fault: { stage, transaction, signal: 'SIGKILL' } })
    }
    run.start()
    untouched(await run.finish())
    expect(run.kills).toBe(6)
  })

  test('a stalled process that wakes up cannot write any more', async () => {
    const zombie = run.start({ fault: { stage: 'sent', transaction: 4, signal: 'SIGSTOP' } })
    await zombie.struck
    const heir = run.start()
    await until(() => heir.transactions >= 6, 'nobody took over')
    zombie.signal('SIGCONT')
    untouched(await run.finish())
  })

  test('a commit that the network keeps to itself while another process takes over happens once', async () => {
    const held = Promise.withResolvers<void>()
    const proxy = new FaultProxy({
      broker: connection.brokers[0]!,
      holdEndTxn: { nth: 5, ms: 9_000, onHeld: () => held.resolve() },
    })
    try {
      const victim = run.start({ proxyPort: await proxy.listen() })
      await held.promise
      victim.signal('SIGKILL')
      run.start()
      untouched(await run.finish())
    } finally {
      await proxy.close()
    }
  })

  test('connections cut again and again cost nothing but time', async () => {
    const proxy = new FaultProxy({ broker: connection.brokers[0]! })
    try {
      const victim = run.start({ proxyPort: await proxy.listen() })
      for (let cut = 1; cut <= 8; cut++) {
        const before = victim.transactions
        await until(async () => victim.transactions > before || (await stage.isDone()), 'no transaction came through')
        proxy.cutAll()
      }
      untouched(await run.finish())
      expect(proxy.cuts).toBeGreaterThan(8)
    } finally {
      await proxy.close()
    }
  })

  test.each(subject.controls)('%s is caught', async (sabotage) => {
    await run.startAndLose({ sabotage })
    run.start()
    expect((await run.finish()).isEqual).toBe(false)
  })
}
