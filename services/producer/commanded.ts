import type { Control } from '#schemas/types.ts'
import { paceSchema, type Settings } from '../settings.ts'
import { mistakesOf, mistakeText } from '../settings-errors.ts'

type Pace = Settings['pace']

/** What is in force: how fast the live part goes, and whether it stands still. */
export interface Commanded {
  readonly pace: Pace
  readonly isPaused: boolean
}

/**
 * What is in force once a command of the topic `control` has come; null is a command taken back, and the scenario's
 * pace. Answers with the mistakes of a command that cannot be followed: it changes nothing.
 */
export function commandedBy(control: Control | null, now: Commanded, scenario: Pace): Commanded | readonly string[] {
  if (control === null) return { pace: scenario, isPaused: false }
  const { target, command, number, text } = control
  if (target !== 'PRODUCER') return [`target: expected PRODUCER, as the record's key says, came ${target}`]
  switch (command) {
    case 'SPEED':
    case 'RATE':
      return paced(command, number)
    case 'PAUSE':
      return { ...now, isPaused: true }
    case 'RESUME':
      return text === null ? { ...now, isPaused: false } : resumed(text, number)
    default:
      return [`command: expected SPEED, RATE, PAUSE or RESUME, came ${command}`]
  }
}

/** A resumption that says at which pace: it has to hold for a process that knows nothing of the time before. */
const resumed = (text: string, number: number | null): Commanded | readonly string[] =>
  text === 'SPEED' || text === 'RATE'
    ? paced(text, number)
    : [`text: expected SPEED or RATE to resume at, came ${JSON.stringify(text)}`]

function paced(command: 'SPEED' | 'RATE', number: number | null): Commanded | readonly string[] {
  const input = command === 'SPEED' ? { speed: number } : { rate: number }
  const parsed = paceSchema.safeParse(input)
  if (parsed.success) return { pace: parsed.data, isPaused: false }
  return mistakesOf(paceSchema, parsed.error, input).map(mistakeText)
}

/** The pace that a later RESUME shall name, as its text and number: what a command has put in force or set aside. */
export function setAside(newest: Control | null): Pick<Control, 'text' | 'number'> {
  if (newest === null) return { text: null, number: null }
  const { command, text, number } = newest
  if (command === 'SPEED' || command === 'RATE') return { text: command, number }
  return command === 'PAUSE' || command === 'RESUME' ? { text, number } : { text: null, number: null }
}

/** A command as the command line has it: rate 500, pause, resume (and at what, where it says so), clear. */
export function orderText(control: Pick<Control, 'command' | 'number' | 'text'> | null): string {
  if (control === null) return 'clear'
  const { command, number, text } = control
  if (command === 'PAUSE') return 'pause'
  const words = command === 'RESUME' && text !== null ? [command, text, number] : [command, number]
  return words
    .filter((word) => word !== null)
    .join(' ')
    .toLowerCase()
}
