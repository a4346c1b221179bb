import { DAY_MS, SECOND_MS } from '#services/time.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'
import { type CounterpartyLists, PAYMENTS_MAX, SHARES, SHARES_WIDTH as WIDTH } from './counterparty-lists.ts'

const WINDOW_SECONDS = (7 * DAY_MS) / SECOND_MS

/** Behind the second, by which rows ascend: 32 bits of a hash, which say who. */
const PAYER = 1

/**
 * How unevenly the payments of a merchant's last 7 days, up to its newest, are spread over those who pay: the sum of
 * squares is kept beside the payments, and moves with each that comes or goes. Takes up a payment by the payer with this
 * hash and returns by how much the sum of squares changes.
 */
export function addShare(lists: CounterpartyLists, payer: number, timeMs: number): number {
  const second = Math.floor(timeMs / SECOND_MS)
  const start = lists.start(SHARES)
  let at = lists.end(SHARES)
  const change = 2 * countOf(lists, payer, start) + 1
  while (at > start && lists.words[at - WIDTH]! > second) at -= WIDTH
  put(lists, at, second, payer)
  return change + forgetOld(lists)
}

function forgetOld(lists: CounterpartyLists): number {
  const { words } = lists
  const start = lists.start(SHARES)
  const end = lists.end(SHARES)
  const after = words[end - WIDTH]! - WINDOW_SECONDS
  let to = Math.max(start, end - WIDTH * PAYMENTS_MAX)
  while (words[to]! <= after) to += WIDTH
  if (to === start) return 0
  let change = 0
  // (n - 1)² - n² = 1 - 2n.
  for (let at = start; at < to; at += WIDTH) change += 1 - 2 * countOf(lists, words[at + PAYER]!, at)
  lists.remove(SHARES, start, to)
  return change
}

/** Herfindahl-Hirschman index of the payers by number of payments, 1 / payers to 1; 0 of no payments. */
export function concentrationOf(lists: CounterpartyLists, squares: number): number {
  const payments = (lists.end(SHARES) - lists.start(SHARES)) / WIDTH
  return payments === 0 ? 0 : squares / (payments * payments)
}

export function writeShares(out: ByteWriter, lists: CounterpartyLists): void {
  const { words } = lists
  const [start, end] = [lists.start(SHARES), lists.end(SHARES)]
  out.varint((end - start) / WIDTH)
  for (let at = start, before = 0; at < end; at += WIDTH) {
    out.varint(words[at]! - before)
    before = words[at]!
    out.u32(words[at + PAYER]!)
  }
}

/** Returns the sum of squares. */
export function readShares(from: ByteReader, lists: CounterpartyLists): number {
  let squares = 0
  let second = 0
  for (let left = from.varint(); left > 0; left--) {
    second += from.varint()
    const payer = from.u32()
    squares += 2 * countOf(lists, payer, lists.start(SHARES)) + 1
    put(lists, lists.end(SHARES), second, payer)
  }
  return squares
}

function put(lists: CounterpartyLists, before: number, second: number, payer: number): void {
  const at = lists.insert(SHARES, before, WIDTH)
  lists.words[at] = second
  lists.words[at + PAYER] = payer
}

/** Payments of a payer from a place on. With so few of them, looking is quicker than a map of such large numbers. */
function countOf(lists: CounterpartyLists, payer: number, from: number): number {
  const { words } = lists
  const word = payer >>> 0
  const end = lists.end(SHARES)
  let count = 0
  for (let at = from + PAYER; at < end; at += WIDTH) if (words[at] === word) count++
  return count
}
