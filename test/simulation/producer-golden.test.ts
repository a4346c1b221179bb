import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import avro from 'avsc'
import { expect, test } from 'vitest'
import { World } from '#services/producer/world.ts'
import { openStream, scenario } from './producer-world.ts'

/**
 * The first 2,000 payments of seed "golden", as Avro bytes. Another digest means that every stream of every seed has
 * changed: say so in the commit that changes it. Math.log and Math.exp may differ between versions of V8: Node is pinned.
 */
test('the golden seed gives the golden bytes', () => {
  const schema = readFileSync(new URL('../../schemas/transaction.avsc', import.meta.url), 'utf8')
  const type = avro.Type.forSchema(JSON.parse(schema))
  const world = new World(scenario({ seed: 'golden', population: { customers: 1000 } }), 0)
  const { emit, transactions } = openStream()
  for (let i = 0; i < 2000; i++) world.next(emit, null)
  const hash = createHash('sha256')
  for (const record of transactions) {
    expect(type.isValid(record)).toBe(true)
    hash.update(type.toBuffer(record))
  }
  const golden = readFileSync(new URL('./producer-golden.sha256', import.meta.url), 'utf8').trim()
  expect(hash.digest('hex')).toBe(golden)
})
