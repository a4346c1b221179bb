import type { Control } from '#schemas/types.ts'
import { commandedBy, orderText, setAside } from '#services/producer/commanded.ts'
import { SettingsError } from '../service/settings-error.ts'
import type { ControlTopic } from './control-topic.ts'

/** Target and key of the commands that a producer follows. */
export const PRODUCER: Control['target'] = 'PRODUCER'

type Wish = Pick<Control, 'command' | 'number' | 'text'>

/** Simulated seconds a second, or records a second. Answers with what was commanded, in words; throws SettingsError. */
export const setPace = (topic: ControlTopic, command: 'SPEED' | 'RATE', number: number): Promise<string> =>
  send(topic, { command, number, text: null })

/** Names the pace that was in force: the topic keeps the newest command only, and that has to be enough. */
export async function pauseOrResume(topic: ControlTopic, command: 'PAUSE' | 'RESUME'): Promise<string> {
  return send(topic, { command, ...setAside((await topic.newest()).get(PRODUCER) ?? null) })
}

/** The scenario's pace holds again. */
export const clearPace = (topic: ControlTopic): Promise<string> => send(topic, null)

async function send(topic: ControlTopic, wish: Wish | null): Promise<string> {
  const { pace } = topic.settings
  const control: Control | null = wish && { target: PRODUCER, customer_id: null, ...wish }
  const commanded = commandedBy(control, { pace, isPaused: false }, pace)
  if (!('pace' in commanded)) throw new SettingsError('the command', commanded)
  await topic.write(new Map([[PRODUCER, control]]))
  return `producer: ${orderText(wish)}`
}
