/** Stops the service: going on would lose records or repeat a mistake for ever. */
export class FatalError extends Error {
  override readonly name = 'FatalError'
}

/**
 * What makes going on useless, if this error does: one that is fatal itself, or Kafka's word that this user may not do
 * what was asked, which it would say for ever.
 */
export function fatalOf(error: unknown): FatalError | undefined {
  if (error instanceof FatalError) return error
  for (let at = error; at instanceof Error; at = at.cause) {
    const { type } = at as { readonly type?: string }
    if (type?.endsWith('_AUTHORIZATION_FAILED') !== true) continue
    const message = `Kafka refuses this user something: ${at.message} (${type}). \`rupeestream acls\` tells what each service needs.`
    return new FatalError(message, { cause: error })
  }
  return undefined
}
