import { Viewers } from './viewers.ts'

export interface AudienceOptions {
  /** What every viewer is told now. */
  readonly text: () => string
  /** Somebody looks on from now on; and nobody has for a while. */
  readonly onFirst: () => void
  readonly onNobody: () => Promise<void>
}

const VIEWERS_MAX = 100
const TELL_EVERY_MS = 500
/** A page that is loaded anew comes back sooner than that. */
const LINGER_MS = 20_000

/** Tells all viewers twice a second how things are, and does nothing while there are none. */
export class Audience {
  readonly viewers: Viewers
  readonly #options: AudienceOptions
  #telling: NodeJS.Timeout | undefined
  #lingering: NodeJS.Timeout | undefined
  #isThere = false

  constructor(options: AudienceOptions) {
    this.#options = options
    this.viewers = new Viewers(VIEWERS_MAX, () => (this.viewers.count > 0 ? this.#look() : this.#leave()))
  }

  async close(): Promise<void> {
    this.viewers.close()
    clearInterval(this.#telling)
    clearTimeout(this.#lingering)
    await this.#options.onNobody()
  }

  #look(): void {
    clearTimeout(this.#lingering)
    this.#telling ??= setInterval(() => this.viewers.tell(this.#options.text()), TELL_EVERY_MS)
    if (!this.#isThere) this.#options.onFirst()
    this.#isThere = true
  }

  #leave(): void {
    clearInterval(this.#telling)
    this.#telling = undefined
    this.#lingering = setTimeout(() => {
      this.#isThere = false
      void this.#options.onNobody()
    }, LINGER_MS)
  }
}
