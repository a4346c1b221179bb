/** A map that forgets what was put in first once it holds more than so many entries. */
export class BoundedMap<Key, Value> extends Map<Key, Value> {
  readonly #sizeMax: number

  constructor(sizeMax: number) {
    super()
    this.#sizeMax = sizeMax
  }

  override set(key: Key, value: Value): this {
    super.set(key, value)
    if (this.size > this.#sizeMax) this.delete(this.keys().next().value as Key)
    return this
  }
}
