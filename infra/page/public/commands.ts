const STORE = 'rupeestream-token'

/** The token behind the # of the address, kept for this tab and taken out of sight; else the one kept before. */
export function takeToken(): string | null {
  const token = new URLSearchParams(location.hash.slice(1)).get('token')
  if (token !== null) {
    sessionStorage.setItem(STORE, token)
    history.replaceState(null, '', location.pathname)
  }
  return token ?? sessionStorage.getItem(STORE)
}

/** What came of a command: what was commanded in words, or why not. */
export type Outcome = { readonly done: string } | { readonly mistakes: readonly string[] }

/** Gives a command; of an empty name, only asks whether the token is good. */
export async function command(token: string, name: string, wish: Readonly<Record<string, unknown>>): Promise<Outcome> {
  try {
    const response = await fetch(`/api/control${name === '' ? '' : `/${name}`}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(wish),
    })
    return (await response.json()) as Outcome
  } catch (error) {
    return { mistakes: [`the monitor did not answer: ${(error as Error).message}`] }
  }
}
