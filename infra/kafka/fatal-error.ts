/** Stops the service: going on would lose records or repeat a mistake for ever. */
export class FatalError extends Error {
  override readonly name = 'FatalError'
}
