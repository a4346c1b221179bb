import type { ByteReader, ByteWriter } from './bytes.ts'
import { type CounterpartyLists, MINUTES, MINUTES_WIDTH as WIDTH } from './counterparty-lists.ts'
import { shrunkDeclineRatio } from './velocity.ts'

const HOUR_MINUTES = 60

/** An hour, and a day in which late payments find their hour. What comes later than that is not counted. */
const KEPT_MINUTES = 25 * HOUR_MINUTES

/** Minutes forgotten at a time. */
const FORGET_MIN = 60

/** Numbers of a row, behind the minute, by which they ascend. */
const [ATTEMPTS, DECLINES] = [1, 2]

/** Counts an attempt to pay, by minute for the newest 25 hours. */
export function countMinute(lists: CounterpartyLists, minute: number, isDeclined: boolean): void {
  const start = lists.start(MINUTES)
  const end = lists.end(MINUTES)
  const newest = end === start ? Number.NEGATIVE_INFINITY : lists.words[end - WIDTH]!
  if (minute <= newest - KEPT_MINUTES) return
  let at = end - WIDTH
  while (at >= start && lists.words[at]! > minute) at -= WIDTH
  if (at < start || lists.words[at] !== minute) {
    at = put(lists, at + WIDTH, minute, 0, 0)
  }
  lists.words[at + ATTEMPTS]!++
  if (isDeclined) lists.words[at + DECLINES]!++
  if (minute > newest) forget(lists, minute - KEPT_MINUTES)
}

/** Minutes up to `minute`, some at a time: taking one out moves all the others. */
function forget(lists: CounterpartyLists, minute: number): void {
  const start = lists.start(MINUTES)
  let to = start + FORGET_MIN * WIDTH
  if (to >= lists.end(MINUTES) || lists.words[to - WIDTH]! > minute) return
  while (lists.words[to]! <= minute) to += WIDTH
  lists.remove(MINUTES, start, to)
}

/** Of `minute` and the 59 before it. */
export function declineRatioAt(lists: CounterpartyLists, minute: number): number {
  const { words } = lists
  const start = lists.start(MINUTES)
  let attempts = 0
  let declines = 0
  for (let at = lists.end(MINUTES) - WIDTH; at >= start; at -= WIDTH) {
    const known = words[at]!
    if (known <= minute - HOUR_MINUTES) break
    if (known > minute) continue
    attempts += words[at + ATTEMPTS]!
    declines += words[at + DECLINES]!
  }
  return shrunkDeclineRatio(declines, attempts)
}

function put(lists: CounterpartyLists, before: number, minute: number, attempts: number, declines: number): number {
  const at = lists.insert(MINUTES, before, WIDTH)
  lists.words[at] = minute
  lists.words[at + ATTEMPTS] = attempts
  lists.words[at + DECLINES] = declines
  return at
}

export function writeMinutes(out: ByteWriter, lists: CounterpartyLists): void {
  const { words } = lists
  const [start, end] = [lists.start(MINUTES), lists.end(MINUTES)]
  out.varint((end - start) / WIDTH)
  for (let at = start, before = 0; at < end; at += WIDTH) {
    out.varint(words[at]! - before)
    before = words[at]!
    out.varint(words[at + ATTEMPTS]!)
    out.varint(words[at + DECLINES]!)
  }
}

export function readMinutes(from: ByteReader, lists: CounterpartyLists): void {
  let minute = 0
  for (let left = from.varint(); left > 0; left--) {
    minute += from.varint()
    put(lists, lists.end(MINUTES), minute, from.varint(), from.varint())
  }
}
