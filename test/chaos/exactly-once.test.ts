import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ObservedStage } from '#infra/kafka/restore-tasks.ts'
import { Disturbance, until } from '../helpers/chaos/disturb.ts'
import { FaultProxy } from '../helpers/chaos/proxy.ts'
import { Stage, type Verdict } from '../helpers/chaos/stage.ts'
import { type Subject, subjects } from '../helpers/chaos/subjects.ts'
import { describeOnStack, sharedStack } from '../helpers/stack.ts'

const untouched = (verdict: Verdict) =>
  expect(verdict).toEqual({ expected: verdict.expected, duplicates: 0, losses: 0, isEqual: true, differences: [] })

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
