import { isIP } from 'node:net'

/**
 * Whether a request means this server. A page of somebody else's can make its own name point here (DNS rebinding) and
 * then read what this server says; but not with an address for a name. So names are only those that are known.
 */
export function isKnownHost(host: string | undefined, names: readonly string[]): boolean {
  const name = hostnameOf(host)
  if (name === undefined) return false
  return name === 'localhost' || isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0 || names.includes(name)
}

/** Whether what asks is a page of this server, or no page at all. */
export const isOwnOrigin = (origin: string | undefined, host: string): boolean =>
  origin === undefined || origin === `http://${host}` || origin === `https://${host}`

function hostnameOf(host: string | undefined): string | undefined {
  const url = `http://${host}`
  return host !== undefined && URL.canParse(url) ? new URL(url).hostname : undefined
}
