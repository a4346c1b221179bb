import { SECOND_MS } from '#services/time.ts'

/** What is remembered of a merchant or payee: payments by the minute and by the day, who paid last when, and who paid. */
export const [MINUTES, PAYERS, SHARES, DAYS] = [0, 1, 2, 3]

/** Numbers of a row. */
export const [MINUTES_WIDTH, PAYERS_WIDTH, SHARES_WIDTH, DAYS_WIDTH] = [3, 2, 2, 2]
const widths = [MINUTES_WIDTH, PAYERS_WIDTH, SHARES_WIDTH, DAYS_WIDTH] as const

/** Payers kept of one merchant or payee: those who paid last. Who is new comes in once another has gone. */
export const PAYERS_MAX = 64
/** Payments kept of one merchant: exact up to so many in the window, of the newest so many beyond. */
export const PAYMENTS_MAX = 128
/** 30 days, the running one among them, and a day in which late payments find theirs. */
export const KEPT_DAYS = 32

/** Rows at the most: minutes as many as it takes; of payments and days one more, before the oldest goes. */
const mostRows = [Number.POSITIVE_INFINITY, PAYERS_MAX, PAYMENTS_MAX + 1, KEPT_DAYS + 1] as const

/** The time nearest to one that rows can say: whole seconds below 2^32, from 1970 to 2106. */
export const heldMs = (timeMs: number): number => Math.min(Math.max(timeMs, 0), 0xffff_ffff * SECOND_MS)

/** Before the lists: where each starts and ends. */
const HEAD = 2 * widths.length

const ROWS_FIRST = 2

/** Of no payment. */
const empty = withRoom(new Uint32Array(HEAD), ROWS_FIRST)

/**
 * Lists of rows of whole numbers below 2^32, all in one array that grows: a question goes to every one of them, and each
 * array of its own would be three more places in memory to go to.
 */
export class CounterpartyLists {
  /** The numbers of a row stand one after another, the rows of a list from its start to before its end. */
  words: Uint32Array = empty.slice()

  /** `| 0` here and below: all are small, and the engine need not expect numbers above 2^31. */
  start(list: number): number {
    return this.words[2 * list]! | 0
  }

  end(list: number): number {
    return this.words[2 * list + 1]! | 0
  }

  /** Makes room for a row at `at`, from the start to the end of the list. Returns where it is: nothing is written yet. */
  insert(list: number, at: number, width: number): number {
    const end = this.end(list)
    if (end === this.#limit(list)) {
      this.words = withRoom(this.words, (2 * (end - this.start(list))) / width)
      // It has moved.
      return this.insert(list, at - end + this.end(list), width)
    }
    const { words } = this
    if (at < end) words.copyWithin(at + width, at, end)
    words[2 * list + 1] = end + width
    return at
  }

  /** Takes out the words from `at` to before `to`, whole rows of the list. */
  remove(list: number, at: number, to: number): void {
    const end = this.end(list)
    this.words.copyWithin(at, to, end)
    this.words[2 * list + 1] = end - (to - at)
  }

  #limit(list: number): number {
    return list + 1 < widths.length ? this.start(list + 1) : this.words.length
  }
}

/** Words of a list where every list has room for so many rows; the last one that there ever is does not make all grow. */
function roomOf(list: number, rows: number): number {
  const most = mostRows[list]!
  return widths[list]! * (rows + 1 < most ? rows : most)
}

/** The same lists, with room for so many rows in each: what has one row more of one mostly has one more of all. */
function withRoom(words: Uint32Array, rows: number): Uint32Array {
  let length = HEAD
  for (let list = 0; list < widths.length; list++) length += roomOf(list, rows)
  const grown = new Uint32Array(length)
  let start = HEAD
  for (let list = 0; list < widths.length; list++) {
    const [from, end] = [words[2 * list]!, words[2 * list + 1]!]
    for (let at = from; at < end; at++) grown[start + at - from] = words[at]!
    grown[2 * list] = start
    grown[2 * list + 1] = start + end - from
    start += roomOf(list, rows)
  }
  return grown
}
