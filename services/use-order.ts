/** What stands in a `UseOrder`; `place` is the order's to set, above 0 while it stands there. */
export interface InUse {
  place: number
}

/** Before the oldest and after the newest. */
const ENDS = 0

const SMALLEST = 16

/**
 * Entries in the order of their last use, as a linked list: using one again moves nothing but its neighbours. The links
 * are numbers in an array of their own: as fields of the entries, every use would look up two more of them in memory.
 */
export class UseOrder<Entry extends InUse> {
  readonly #entries: (Entry | undefined)[] = [undefined]
  /** By place, the place of the next older one, and behind it that of the next newer one. */
  #links = new Int32Array(2 * SMALLEST)
  readonly #free: number[] = []

  /** The entry that was left alone longest. */
  get oldest(): Entry | undefined {
    return this.#entries[this.#links[2 * ENDS + 1]!]
  }

  /** Puts an entry that is not there at the end. */
  add(entry: Entry): void {
    entry.place = this.#free.pop() ?? this.#entries.length
    if (2 * entry.place === this.#links.length) this.#grow()
    this.#entries[entry.place] = entry
    this.#link(entry.place)
  }

  /** Puts one that is there at the end. */
  use({ place }: Entry): void {
    if (place === this.#links[2 * ENDS]) return
    this.#unlink(place)
    this.#link(place)
  }

  remove(entry: Entry): void {
    this.#unlink(entry.place)
    this.#entries[entry.place] = undefined
    this.#free.push(entry.place)
    entry.place = 0
  }

  #link(place: number): void {
    const links = this.#links
    const newest = links[2 * ENDS]!
    links[2 * place] = newest
    links[2 * place + 1] = ENDS
    links[2 * newest + 1] = place
    links[2 * ENDS] = place
  }

  #unlink(place: number): void {
    const links = this.#links
    const older = links[2 * place]!
    const newer = links[2 * place + 1]!
    links[2 * older + 1] = newer
    links[2 * newer] = older
  }

  #grow(): void {
    const grown = new Int32Array(2 * this.#links.length)
    grown.set(this.#links)
    this.#links = grown
  }
}
