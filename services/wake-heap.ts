interface Entry {
  readonly timeMs: number
  readonly key: string
}

/** So few stale entries are not worth the trouble. */
const STALE_MIN = 64

const before = (a: Entry, b: Entry): boolean => a.timeMs < b.timeMs || (a.timeMs === b.timeMs && a.key < b.key)

/**
 * Who wants to be woken when: a binary heap in the total order (time, key). Each key has one wish; setting it anew
 * leaves the old entry in the heap, and it is skipped when it comes up. When most entries are such, it is built anew.
 */
export class WakeHeap {
  #heap: Entry[] = []
  readonly #wish = new Map<string, number>()

  set(key: string, timeMs: number | undefined): void {
    if (timeMs === this.#wish.get(key)) return
    if (timeMs === undefined) this.#wish.delete(key)
    else {
      this.#wish.set(key, timeMs)
      this.#push({ timeMs, key })
    }
    if (this.#heap.length > 2 * this.#wish.size + STALE_MIN) this.#rebuild()
  }

  /** The next key to wake at or before `timeMs`, with its moment; its wish is then gone. */
  take(timeMs: number): Entry | undefined {
    for (let top = this.#heap[0]; top !== undefined && top.timeMs <= timeMs; top = this.#heap[0]) {
      this.#pop()
      if (this.#wish.get(top.key) !== top.timeMs) continue
      this.#wish.delete(top.key)
      return top
    }
    return undefined
  }

  get size(): number {
    return this.#wish.size
  }

  /** Entries held, those to be skipped included. */
  get entries(): number {
    return this.#heap.length
  }

  /** A sorted array is a heap. */
  #rebuild(): void {
    this.#heap = Array.from(this.#wish, ([key, timeMs]) => ({ timeMs, key })).sort((a, b) => (before(a, b) ? -1 : 1))
  }

  #push(entry: Entry): void {
    const heap = this.#heap
    let i = heap.length
    heap.push(entry)
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (!before(entry, heap[parent]!)) break
      heap[i] = heap[parent]!
      i = parent
    }
    heap[i] = entry
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()!
    if (heap.length === 0) return
    let i = 0
    for (;;) {
      let child = 2 * i + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++
      if (!before(heap[child]!, last)) break
      heap[i] = heap[child]!
      i = child
    }
    heap[i] = last
  }
}
