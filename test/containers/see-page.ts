import type { Podman } from './podman.ts'

const LIMIT_MS = 60_000
/** Events of the page that a run in good health sends: what it is, and how it goes on. */
const EVENTS = 4

/** The live page at its published port: it can be looked at, goes on, and obeys who has the token, and nobody else. */
export async function seePage(podman: Podman, base: string, token: string, say: (text: string) => void): Promise<void> {
  const ask = (path: string, init?: RequestInit) =>
    fetch(`${base}${path}`, { ...init, signal: AbortSignal.any([podman.ending, AbortSignal.timeout(LIMIT_MS)]) })
  const page = await ask('/')
  if (page.status !== 200 || !(await page.text()).includes('<title>')) throw new Error(`/ answers ${page.status}`)

  const events = await ask('/api/events')
  let names: string[] = []
  let text = ''
  for await (const part of events.body!.pipeThrough(new TextDecoderStream())) {
    text += part
    names = [...text.matchAll(/^event: (\w+)\ndata: .+$/gm)].map(([, name]) => name!)
    if (names.length >= EVENTS) break
  }
  if (names[0] !== 'run' || names[1] !== 'state') throw new Error(`the page's events are ${names.join(', ')}`)
  say(`the page is served, and its events go on: ${names.join(', ')}`)

  const command = async (authorization: string) => {
    const headers = { authorization, 'content-type': 'application/json' }
    return (await ask('/api/control/fraud-rate', { method: 'POST', headers, body: '{"value":0.02}' })).status
  }
  const statuses = [await command('Bearer of-somebody-else'), await command(`Bearer ${token}`)]
  if (String(statuses) !== '401,200')
    throw new Error(`commands with a wrong and the right token: ${statuses.join(', ')}`)

  // Another container reaches it as well, by a name; the page listens to none that it was not told.
  const byName = "fetch('http://monitor:8080/').then(({ status }) => console.log(status))"
  const { output } = await podman.try('exec', podman.container('producer'), 'node', '-e', byName)
  if (output.trim() !== '421') throw new Error(`the page answers to a name of others: ${output}`)
  say('its buttons obey the token only, and it answers to no name of others')
}
