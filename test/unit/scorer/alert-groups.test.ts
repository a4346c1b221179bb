import { expect, test } from 'vitest'
import { AlertGroups } from '#services/scorer/alert-groups.ts'
import { ByteReader, ByteWriter } from '#services/scorer/bytes.ts'
import { DAY_MS, MINUTE_MS } from '#services/time.ts'
import { NOON } from './helpers.ts'

const COOLDOWN_MS = 10 * MINUTE_MS

const fired = (id: string, minutes: number) => ({ transactionId: id, timeMs: NOON + minutes * MINUTE_MS })

const ids = (group: ReturnType<AlertGroups['fire']>) => group?.transactions.map(({ transactionId }) => transactionId)

test('causes of different rules do not mix, and each has its own silence', () => {
  const groups = new AlertGroups()
  expect(ids(groups.fire(1, COOLDOWN_MS, fired('a', 0)))).toEqual(['a'])
  expect(ids(groups.fire(2, COOLDOWN_MS, fired('b', 1)))).toEqual(['b'])
  expect(groups.fire(1, COOLDOWN_MS, fired('c', 9))).toBeUndefined()
  expect(ids(groups.fire(1, COOLDOWN_MS, fired('d', 10)))).toEqual(['a', 'c', 'd'])
})

test('without a cool-down each payment is a cause of its own, and nothing is kept', () => {
  const groups = new AlertGroups()
  expect(ids(groups.fire(1, 0, fired('a', 0)))).toEqual(['a'])
  expect(groups.fire(1, 0, fired('b', 0))).toMatchObject({ firstId: 'b' })
  const out = new ByteWriter()
  groups.write(out)
  expect(out.finish()).toEqual(Uint8Array.of(0))
})

test('a cool-down longer than a day keeps its cause together', () => {
  const groups = new AlertGroups()
  groups.fire(1, 3 * DAY_MS, fired('a', 0))
  expect(groups.fire(1, 3 * DAY_MS, fired('b', 2 * 24 * 60))).toBeUndefined()
  expect(groups.fire(1, 3 * DAY_MS, fired('c', 3 * 24 * 60))).toMatchObject({ firstId: 'a' })
})

test('a late payment joins its cause in silence', () => {
  const groups = new AlertGroups()
  groups.fire(1, COOLDOWN_MS, fired('a', 0))
  expect(groups.fire(1, COOLDOWN_MS, fired('late', -30))).toBeUndefined()
  expect(ids(groups.fire(1, COOLDOWN_MS, fired('b', 10)))).toEqual(['a', 'late', 'b'])
})

test('16 causes and 32 payments are kept: what was left alone longest goes, and the first payment stays named', () => {
  const groups = new AlertGroups()
  for (let i = 0; i < 60; i++) groups.fire(0, COOLDOWN_MS, fired(`p${i}`, i))
  const long = groups.fire(0, COOLDOWN_MS, fired('last', 61))!
  expect(long).toMatchObject({ firstId: 'p0' })
  expect(long.transactions).toHaveLength(32)
  expect(ids(long)!.at(-1)).toBe('last')
  for (let rule = 1; rule <= 16; rule++) groups.fire(rule, COOLDOWN_MS, fired(`r${rule}`, 70 + rule))
  expect(groups.fire(1, COOLDOWN_MS, fired('again', 90))).toMatchObject({ firstId: 'r1' })
  expect(groups.fire(0, COOLDOWN_MS, fired('new', 91))).toMatchObject({ firstId: 'new' })
})

test('the payment that raises an alert is named by it, even if it is older than all others', () => {
  const groups = new AlertGroups()
  for (let i = 0; i < 32; i++) groups.fire(i % 4, COOLDOWN_MS, fired(`p${i}`, i))
  expect(ids(groups.fire(9, COOLDOWN_MS, fired('late', -600)))).toEqual(['late'])
})

test('causes come back from their bytes as they were', () => {
  const groups = new AlertGroups()
  for (let i = 0; i < 40; i++) groups.fire(i % 3, COOLDOWN_MS, fired(`p${i}`, i))
  const out = new ByteWriter()
  groups.write(out)
  const again = AlertGroups.read(new ByteReader(out.finish()))
  expect(again).toEqual(groups)
  expect(again.fire(1, COOLDOWN_MS, fired('next', 60))).toEqual(groups.fire(1, COOLDOWN_MS, fired('next', 60)))
})
