import { type Logger, type LoggerOptions, pino } from 'pino'
import { textLine } from './text-line.ts'

export type { Logger } from 'pino'

export interface LogOptions {
  readonly service: string
  readonly level?: LoggerOptions['level'] | undefined
  /** JSON lines, or lines for people; absent means that a terminal gets the latter. */
  readonly json?: boolean | undefined
}

const STDERR = 2

/**
 * A log on stderr, written at once, so that the last line before a crash is there. Standard output is for results
 * only. `log.child({ ... })` adds fields.
 */
export function createLogger({ service, level = 'info', json = !process.stderr.isTTY }: LogOptions): Logger {
  const destination = pino.destination({ dest: STDERR, sync: true })
  const colour = process.env.NO_COLOR === undefined
  const stream = json ? destination : { write: (line: string) => destination.write(textLine(line, colour)) }
  return pino({ level, base: { service } }, stream)
}
