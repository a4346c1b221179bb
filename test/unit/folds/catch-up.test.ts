import { describe, expect, test } from 'vitest'
import { CatchUp } from '#infra/kafka/catch-up.ts'

describe('a partition has caught up', () => {
  const from = new Map([
    ['scores', 3n],
    ['ground-truth', 5n],
  ])
  const ends = new Map([
    ['scores', 9n],
    ['ground-truth', 5n],
  ])

  test('once every input is read to where it ended, the last mark of a transaction with it', () => {
    const catchUp = new CatchUp(from, ends)
    expect(catchUp.isDone).toBe(false)
    catchUp.read('scores', 3n, 8n)
    expect(catchUp.isDone).toBe(false)
    catchUp.read('scores', 8n, 9n)
    expect(catchUp.isDone).toBe(true)
  })

  test('where nobody sees anything of what is left', () => {
    const catchUp = new CatchUp(from, ends)
    catchUp.read('scores', 3n, 12n)
    expect(catchUp.isDone).toBe(true)
  })

  test('by no batch that begins beyond what is read: there may be records between', () => {
    const catchUp = new CatchUp(from, ends)
    catchUp.read('scores', 4n, 9n)
    expect(catchUp.isDone).toBe(false)
    catchUp.read('scores', 3n, 4n)
    catchUp.read('scores', 4n, 9n)
    expect(catchUp.isDone).toBe(true)
  })

  test('and does not fall behind by a batch that is read again, nor by what comes later', () => {
    const catchUp = new CatchUp(from, ends)
    catchUp.read('scores', 3n, 9n)
    catchUp.read('scores', 2n, 4n)
    expect(catchUp.isDone).toBe(true)
  })
})
