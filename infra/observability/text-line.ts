const levels: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
}

const colours: Readonly<Record<number, string>> = { 40: '\u001b[33m', 50: '\u001b[31m', 60: '\u001b[31;1m' }
const RESET = '\u001b[0m'

interface Entry {
  readonly level: number
  readonly time: number
  readonly msg?: string
  readonly service?: string
  readonly err?: { readonly message?: string; readonly stack?: string }
  readonly [field: string]: unknown
}

/** A log line of JSON as one line of text for people, and the stack of an error below it. */
export function textLine(json: string, colour: boolean): string {
  const { level, time, msg, service, err, ...fields } = JSON.parse(json) as Entry
  const clock = new Date(time).toISOString().slice(11, 23)
  const paint = (text: string) => (colour && colours[level] ? `${colours[level]}${text}${RESET}` : text)
  const rest = Object.entries(fields).map(([name, value]) => `${name}=${JSON.stringify(value)}`)
  const parts = [clock, paint((levels[level] ?? String(level)).padEnd(5)), service ?? '', msg ?? '', ...rest]
  const text = parts.filter((part) => part !== '').join(' ')
  return err === undefined ? `${text}\n` : `${text}\n${err.stack ?? err.message ?? ''}\n`
}
