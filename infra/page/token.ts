import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { SettingsError } from '../service/settings-error.ts'

const LENGTH_MIN = 16

/** A token that nobody guesses, 32 characters. */
export const newToken = (): string => randomBytes(24).toString('base64url')

/** The token that an environment variable holds; null for none. Throws SettingsError for one that could be guessed. */
export function readToken(variable: string, environment: Readonly<Record<string, string | undefined>>): string | null {
  const token = environment[variable]
  if (token === undefined || token === '') return null
  if (token.length >= LENGTH_MIN) return token
  throw new SettingsError('the environment', [
    `${variable}: expected a token of ${LENGTH_MIN} characters or more, came one of ${token.length}`,
  ])
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Whether a request's Authorization carries the token. It takes as long whatever is wrong with it. */
export const bears = (authorization: string | undefined, token: string): boolean =>
  timingSafeEqual(digest(authorization ?? ''), digest(`Bearer ${token}`))
