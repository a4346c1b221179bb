import type { StateCodec } from './fold.ts'

/** State as JSON: for plain objects of numbers and text, where size is no matter. Numbers come back exactly. */
export function jsonCodec<State>(version: number): StateCodec<State> {
  const encoder = new TextEncoder()
  const decoder = new TextDecoder()
  return {
    version,
    encode: (state) => encoder.encode(JSON.stringify(state)),
    decode: (bytes) => JSON.parse(decoder.decode(bytes)) as State,
  }
}
