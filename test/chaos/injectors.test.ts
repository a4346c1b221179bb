import { expect, test } from 'vitest'
import { Disturbance } from '../helpers/chaos/disturb.ts'
import { Stage } from '../helpers/chaos/stage.ts'
import { subjects } from '../helpers/chaos/subjects.ts'
import { describeOnStack, sharedStack } from '../helpers/stack.ts'

const subject = subjects.find(({ service }) => service === 'fraud-injector')!
const disorder = { late: 0.02, outOfOrder: 0.02, duplicate: 0.02, corrupt: 0.01, dropped: 0.02 }

describeOnStack('fraud injectors', () => {
  test.each([1, 2, 5])(
    'as %i processes, each killed twice, write what one undisturbed run in memory writes, disorder and all',
    async (count) => {
      const { connection } = sharedStack()
      const stage = await Stage.open({
        connection,
        simulatedHours: 96,
        ...subject,
        outputs: [...subject.outputs, 'delivery-faults'],
        settings: { partitions: 5, disorder },
      })
      const run = new Disturbance(stage, subject.service, connection)
      try {
        for (const transaction of [3, 6]) {
          const fault = { stage: 'sent', transaction, signal: 'SIGKILL' } as const
          await run.startAndLoseAll(Array.from({ length: count }, () => ({ fault })))
        }
        for (let n = 0; n < count; n++) run.start()
        const verdict = await run.finish()
        expect(verdict).toEqual({
          expected: verdict.expected,
          duplicates: 0,
          losses: 0,
          isEqual: true,
          differences: [],
        })
        expect(verdict.expected).toBeGreaterThan(1_000)
        expect(run.kills).toBe(2 * count)
      } finally {
        await run.end()
        await stage.close()
      }
    },
  )

  test('would be found out by a single record too many', async () => {
    const { connection } = sharedStack()
    const stage = await Stage.open({
      connection,
      simulatedHours: 96,
      ...subject,
      settings: { partitions: 5, disorder },
    })
    const run = new Disturbance(stage, subject.service, connection)
    try {
      await run.startAndLose({ sabotage: 'at-least-once' })
      run.start()
      expect((await run.finish()).isEqual).toBe(false)
    } finally {
      await run.end()
      await stage.close()
    }
  })
})
