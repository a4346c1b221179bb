import type { Settings } from '#services/settings.ts'
import { freePorts } from '../../local/ports.ts'
import { newToken, readToken } from '../../page/token.ts'
import type { Environment } from '../../service/connection.ts'

/** The live page of a run: where it shall be, and with which token its buttons work. */
export interface PageAccess {
  readonly port: number
  /** Null: it can only be looked at. */
  readonly token: string | null
  /** For the services. */
  readonly environment: Environment
}

/** Takes the scenario's port or finds a free one; takes the environment's token or makes one. Throws SettingsError. */
export async function pageAccess(
  { monitor: { page } }: Pick<Settings, 'monitor'>,
  hasControl: boolean,
  environment: Environment,
): Promise<PageAccess> {
  const port = page.port === 0 ? (await freePorts(1))[0]! : page.port
  const token = hasControl ? (readToken(page.tokenVariable, environment) ?? newToken()) : null
  return { port, token, environment: { ...environment, [page.tokenVariable]: token ?? undefined } }
}

/** What a person opens. A browser keeps what is behind the # to itself. */
export const pageAddress = (url: string, token: string | null): string =>
  token === null ? `${url}/` : `${url}/#token=${token}`
