/** A key in two parts, of which the first says what kind of thing it is; empty where there are no kinds. */
export interface Key {
  readonly kind: string
  readonly id: string
}

/** The whole key, as it is saved. */
export const wholeKey = ({ kind, id }: Key): string => `${kind}${id}`

/**
 * What is kept by key. Each kind has a map of its own: to put kind and identifier together for every look would cost more
 * than the look.
 */
export class KeyMap<Value extends Key> {
  readonly #kinds: ReadonlyMap<string, Map<string, Value>>
  readonly #plain = new Map<string, Value>()
  size = 0

  /** No kind may start with another. */
  constructor(kinds: readonly string[] = []) {
    this.#kinds = new Map(kinds.map((kind) => [kind, new Map()]))
  }

  /** Throws RangeError for a kind that it was not told of, as the others do. */
  get(id: string, kind: string): Value | undefined {
    return this.#of(kind).get(id)
  }

  find(whole: string): Value | undefined {
    const { kind, id } = this.split(whole)
    return this.get(id, kind)
  }

  /** Adds what is not there. */
  add(value: Value): void {
    this.#of(value.kind).set(value.id, value)
    this.size++
  }

  /** Takes out what is there. */
  remove({ kind, id }: Value): void {
    this.#of(kind).delete(id)
    this.size--
  }

  split(whole: string): Key {
    for (const kind of this.#kinds.keys()) if (whole.startsWith(kind)) return { kind, id: whole.slice(kind.length) }
    return { kind: '', id: whole }
  }

  #of(kind: string): Map<string, Value> {
    if (kind === '') return this.#plain
    const values = this.#kinds.get(kind)
    if (values === undefined) throw new RangeError(`${kind} is none of the kinds of keys: ${[...this.#kinds.keys()]}`)
    return values
  }
}
