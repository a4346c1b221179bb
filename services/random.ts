import seedrandom from 'seedrandom'

/** Two words that name a stream of chance. Derived once per name with seedrandom, never per customer. */
export interface StreamKey {
  readonly high: number
  readonly low: number
}

/** The version and the lengths keep two (seed, name) pairs from colliding. */
export function streamKey(seed: string, name: string): StreamKey {
  const source = seedrandom(`v1/${seed.length}:${seed}/${name.length}:${name}`, { global: false })
  return { high: source.int32(), low: source.int32() }
}

/** Every bit of the input moves every bit of the output; pcg4d alone lets high bits reach high bits only. */
function scramble(word: number): number {
  let x = Math.imul(word ^ (word >>> 16), 0x21f0aaad)
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97)
  return x ^ (x >>> 15)
}

/**
 * A generator that can be placed anywhere: `at(key, entity, index)` starts the sequence of one event of one entity.
 * Nothing is remembered between events, so a restart or another sharding draws the same numbers.
 * Placing is pcg4d (Jarzynski and Olano, 2020), drawing is sfc32 (Doty-Humphrey).
 */
export class Random {
  #a = 0
  #b = 0
  #c = 0
  #d = 1

  /** `entity` and `index` are taken as 32-bit integers. */
  at(key: StreamKey, entity: number, index: number): this {
    let x = (Math.imul(key.high, 1664525) + 1013904223) | 0
    let y = (Math.imul(key.low, 1664525) + 1013904223) | 0
    let z = scramble(entity ^ key.high)
    let w = scramble(index ^ key.low)
    x = (x + Math.imul(y, w)) | 0
    y = (y + Math.imul(z, x)) | 0
    z = (z + Math.imul(x, y)) | 0
    w = (w + Math.imul(y, z)) | 0
    x ^= x >>> 16
    y ^= y >>> 16
    z ^= z >>> 16
    w ^= w >>> 16
    this.#a = (x + Math.imul(y, w)) | 0
    this.#b = (y + Math.imul(z, this.#a)) | 0
    this.#c = (z + Math.imul(this.#a, this.#b)) | 0
    this.#d = (w + Math.imul(this.#b, this.#c)) | 0
    this.uint32() // The first draw still shows how it was placed.
    return this
  }

  uint32(): number {
    const b = this.#b
    const c = this.#c
    const t = (((this.#a + b) | 0) + this.#d) | 0
    this.#d = (this.#d + 1) | 0
    this.#a = b ^ (b >>> 9)
    this.#b = (c + (c << 3)) | 0
    this.#c = (((c << 21) | (c >>> 11)) + t) | 0
    return t >>> 0
  }

  /** In [0, 1), 32 bits. */
  unit(): number {
    return this.uint32() * 2.3283064365386963e-10
  }

  /** An integer in [0, n). */
  below(n: number): number {
    return Math.floor(this.unit() * n)
  }

  /** An integer in [from, to], both included. */
  integer(from: number, to: number): number {
    return from + this.below(to - from + 1)
  }

  uniform(from: number, to: number): number {
    return from + this.unit() * (to - from)
  }

  chance(probability: number): boolean {
    return this.unit() < probability
  }

  exponential(): number {
    return -Math.log(1 - this.unit())
  }

  /** Polar method without a spare: a spare would couple one event to the next. */
  normal(): number {
    for (;;) {
      const u = this.unit() * 2 - 1
      const v = this.unit() * 2 - 1
      const s = u * u + v * v
      if (s < 1 && s > 0) return u * Math.sqrt((-2 * Math.log(s)) / s)
    }
  }

  /** exp(N(ln median, sigma)). */
  lognormal(median: number, sigma: number): number {
    return median * Math.exp(sigma * this.normal())
  }

  /** Knuth's product method: for means of single digits. */
  poisson(mean: number): number {
    const limit = Math.exp(-mean)
    let n = 0
    for (let p = this.unit(); p > limit; p *= this.unit()) n++
    return n
  }

  /** Marsaglia and Tsang 2000, for shape >= 1; scale 1. */
  gamma(shape: number): number {
    const d = shape - 1 / 3
    const c = 1 / Math.sqrt(9 * d)
    for (;;) {
      const x = this.normal()
      const v = (1 + c * x) ** 3
      if (v > 0 && Math.log(1 - this.unit()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v
    }
  }

  /** Beta with the given mean; a higher concentration keeps it nearer. Both shapes must come out at 1 or more. */
  beta(mean: number, concentration: number): number {
    const a = this.gamma(Math.max(1, mean * concentration))
    return a / (a + this.gamma(Math.max(1, (1 - mean) * concentration)))
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)]
    if (item === undefined) throw new RangeError('nothing to pick from')
    return item
  }
}

const FNV_BASIS = 0x811c9dc5

/** A 32-bit hash of text (FNV-1a), to place a generator by a key that is not a number. From `basis`: of what it is of, and `text`. */
export function hash32(text: string, basis = FNV_BASIS): number {
  let h = basis
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return h >>> 0
}

/** 53 bits of a hash of text: of `hash32`, and of that from another basis, in one walk along the text. */
export function hash53(text: string, basis: number): number {
  let high = FNV_BASIS
  let low = basis
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    high = Math.imul(high ^ code, 0x01000193)
    low = Math.imul(low ^ code, 0x01000193)
  }
  return (high >>> 0) * 0x200000 + (low >>> 11)
}
