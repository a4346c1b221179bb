/** A map that forgets what was put in first once it holds more than so many entries. */
export class BoundedMap<Key, Value> {
  readonly #entries = new Map<Key, Value>()
  readonly #sizeMax: number

  constructor(sizeMax: number) {
    this.#sizeMax = sizeMax
  }

  get(key: Key): Value | undefined {
    return this.#entries.get(key)
  }

  /** Makes it the newest entry, and answers with the value that had to go for it. */
  put(key: Key, value: Value): Value | undefined {
    this.#entries.delete(key)
    this.#entries.set(key, value)
    if (this.#entries.size <= this.#sizeMax) return undefined
    const [oldest] = this.#entries as Iterable<[Key, Value]>
    this.#entries.delete(oldest![0])
    return oldest![1]
  }

  /** Oldest first. */
  values(): Value[] {
    return [...this.#entries.values()]
  }
}
