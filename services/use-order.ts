/** What stands in a `UseOrder`. */
export interface InUse<Entry> {
  older: Entry | undefined
  newer: Entry | undefined
}

/** Entries in the order of their last use, as a linked list: using one again moves nothing but its neighbours. */
export class UseOrder<Entry extends InUse<Entry>> {
  #newest: Entry | undefined
  #oldest: Entry | undefined

  /** The entry that was left alone longest. */
  get oldest(): Entry | undefined {
    return this.#oldest
  }

  /** Puts a new entry, or one from anywhere in the order, at its end. */
  use(entry: Entry): void {
    if (entry === this.#newest) return
    this.remove(entry)
    entry.older = this.#newest
    if (this.#newest === undefined) this.#oldest = entry
    else this.#newest.newer = entry
    this.#newest = entry
  }

  /** Takes an entry out; one that is not in the order stays out. */
  remove(entry: Entry): void {
    const { older, newer } = entry
    if (older !== undefined) older.newer = newer
    else if (this.#oldest === entry) this.#oldest = newer
    if (newer !== undefined) newer.older = older
    else if (this.#newest === entry) this.#newest = older
    entry.older = undefined
    entry.newer = undefined
  }
}
