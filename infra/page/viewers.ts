import type { ServerResponse } from 'node:http'

/** How much may wait for a viewer that does not read: about a minute of what it is told. */
const WAITING_BYTES_MAX = 1 << 20

/** Those who look on, by server-sent events. */
export class Viewers {
  readonly #countMax: number
  readonly #responses = new Set<ServerResponse>()
  readonly #onChange: () => void

  /** `onChange` hears when somebody comes or leaves. */
  constructor(countMax: number, onChange: () => void) {
    this.#countMax = countMax
    this.#onChange = onChange
  }

  get count(): number {
    return this.#responses.size
  }

  get isFull(): boolean {
    return this.count >= this.#countMax
  }

  /** Takes over the response for as long as the viewer stays. */
  add(response: ServerResponse): void {
    this.#responses.add(response)
    response.once('close', () => {
      if (this.#responses.delete(response)) this.#onChange()
    })
    this.#onChange()
  }

  tell(text: string): void {
    for (const response of this.#responses) {
      // It comes again by itself, and is told then how things are.
      if (response.writableLength > WAITING_BYTES_MAX) response.destroy()
      else response.write(text)
    }
  }

  close(): void {
    for (const response of this.#responses) response.destroy()
  }
}

/** One server-sent event. */
export const eventText = (event: string, data: unknown): string => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
