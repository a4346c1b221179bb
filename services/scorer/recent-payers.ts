import { SECOND_MS } from '#services/time.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'
import { type CounterpartyLists, PAYERS, PAYERS_MAX, PAYERS_WIDTH as WIDTH } from './counterparty-lists.ts'

/** Behind 32 bits of a hash, which say who: the second of the latest payment. */
const LAST = 1

/** Notes that a payer with this hash has paid. */
export function seePayer(lists: CounterpartyLists, payer: number, timeMs: number): void {
  const second = Math.floor(timeMs / SECOND_MS)
  const { words } = lists
  const word = payer >>> 0
  const start = lists.start(PAYERS)
  const end = lists.end(PAYERS)
  for (let at = start; at < end; at += WIDTH) {
    if (words[at] !== word) continue
    if (second > words[at + LAST]!) words[at + LAST] = second
    return
  }
  if (end - start === WIDTH * PAYERS_MAX && !forgetOlderThan(lists, second)) return
  put(lists, payer, second)
}

/** How many paid last after `timeMs`. */
export function payersSince(lists: CounterpartyLists, timeMs: number): number {
  const second = timeMs / SECOND_MS
  const { words } = lists
  const end = lists.end(PAYERS)
  let count = 0
  for (let at = lists.start(PAYERS) + LAST; at < end; at += WIDTH) if (words[at]! > second) count++
  return count
}

/** Makes room for one who paid at `second`; false if all that are known paid later. */
function forgetOlderThan(lists: CounterpartyLists, second: number): boolean {
  const { words } = lists
  const end = lists.end(PAYERS)
  let oldest = lists.start(PAYERS)
  for (let at = oldest; at < end; at += WIDTH) if (words[at + LAST]! < words[oldest + LAST]!) oldest = at
  if (words[oldest + LAST]! > second) return false
  lists.remove(PAYERS, oldest, oldest + WIDTH)
  return true
}

function put(lists: CounterpartyLists, payer: number, second: number): void {
  const at = lists.insert(PAYERS, lists.end(PAYERS), WIDTH)
  lists.words[at] = payer
  lists.words[at + LAST] = second
}

export function writePayers(out: ByteWriter, lists: CounterpartyLists): void {
  const [start, end] = [lists.start(PAYERS), lists.end(PAYERS)]
  out.varint((end - start) / WIDTH)
  for (let at = start; at < end; at += WIDTH) {
    out.u32(lists.words[at]!)
    out.varint(lists.words[at + LAST]!)
  }
}

export function readPayers(from: ByteReader, lists: CounterpartyLists): void {
  for (let left = from.varint(); left > 0; left--) put(lists, from.u32(), from.varint())
}
