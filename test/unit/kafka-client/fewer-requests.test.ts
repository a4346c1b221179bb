import { describe, expect, test } from 'vitest'
import { announce, fewerRequests } from '#infra/kafka/client/fewer-requests.ts'

const TRANSACTION = 1
const GROUP = 0

/** kafkajs's manager as far as it is replaced: it finds the coordinator before each step, and says what it was asked. */
function manager(transactionalId: string) {
  const asked: string[] = []
  const failing = { next: false }
  const cluster = {
    async findGroupCoordinator({ groupId, coordinatorType }: { groupId: string; coordinatorType: number }) {
      asked.push(`find ${coordinatorType} ${groupId}`)
      return {}
    },
  }
  const created = fewerRequests(({ cluster: seen }) => {
    const step = (name: string, type: number) => async (argument?: unknown) => {
      await seen.findGroupCoordinator({ groupId: type === GROUP ? 'group' : transactionalId, coordinatorType: type })
      asked.push(argument === undefined ? name : `${name} ${JSON.stringify(argument)}`)
      if (failing.next) {
        failing.next = false
        throw new Error('NOT_COORDINATOR')
      }
    }
    return {
      initProducerId: step('init', TRANSACTION),
      addPartitionsToTransaction: step('add', TRANSACTION),
      sendOffsets: step('offsets', GROUP),
      commit: step('commit', TRANSACTION),
      abort: step('abort', TRANSACTION),
    }
  })({ transactionalId, cluster })
  return { asked, failing, created }
}

const topicData = (topic: string) => [{ topic, partitions: [{ partition: 0 }] }]

describe('the requests of a transaction', () => {
  test('the coordinator is asked for again only once it has proved itself, and not with each step', async () => {
    const { asked, created } = manager('once')
    await created.initProducerId()
    await created.addPartitionsToTransaction(topicData('a'))
    await created.commit()
    await created.addPartitionsToTransaction(topicData('a'))
    await created.commit()
    expect(asked.filter((line) => line === 'find 1 once')).toHaveLength(2)
  })

  test('after an error it is asked for anew', async () => {
    const { asked, failing, created } = manager('anew')
    await created.initProducerId()
    await created.commit()
    asked.length = 0
    failing.next = true
    await expect(created.commit()).rejects.toThrow('NOT_COORDINATOR')
    expect(asked).toEqual(['commit'])
    await created.commit()
    expect(asked).toEqual(['commit', 'find 1 anew', 'commit'])
  })

  test("a group's coordinator is asked for each time", async () => {
    const { asked, created } = manager('group')
    await created.initProducerId()
    await created.sendOffsets({})
    await created.sendOffsets({})
    expect(asked.filter((line) => line === 'find 0 group')).toHaveLength(2)
  })

  test('announced partitions go with the first, and again with the next try when that failed', async () => {
    const { asked, failing, created } = manager('announced')
    announce('announced', [
      { topic: 'a', partition: 0 },
      { topic: 'b', partition: 1 },
      { topic: 'b', partition: 1 },
    ])
    failing.next = true
    await expect(created.addPartitionsToTransaction(topicData('a'))).rejects.toThrow()
    await created.addPartitionsToTransaction(topicData('a'))
    await created.addPartitionsToTransaction(topicData('c'))
    const all = [...topicData('a'), { topic: 'b', partitions: [{ partition: 1 }] }]
    expect(asked.filter((line) => line.startsWith('add'))).toEqual([
      `add ${JSON.stringify(all)}`,
      `add ${JSON.stringify(all)}`,
      `add ${JSON.stringify(topicData('c'))}`,
    ])
  })

  test('a producer without transactions is left as it is', () => {
    const own = {} as ReturnType<Parameters<typeof fewerRequests>[0]>
    expect(fewerRequests(() => own)({ cluster: { findGroupCoordinator: async () => ({}) } })).toBe(own)
  })
})
