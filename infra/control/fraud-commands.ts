import { randomUUID } from 'node:crypto'
import type { Control } from '#schemas/types.ts'
import { dialsOf, INJECTOR, overrideBy } from '#services/fraud-injector/dials.ts'
import { mistakesOfRequest, requestKey } from '#services/fraud-injector/requests.ts'
import { SettingsError } from '../service/settings-error.ts'
import type { ControlTopic } from './control-topic.ts'

/** Each answers with what was commanded, in words, and throws SettingsError with all mistakes. */

export async function startCampaign(topic: ControlTopic, type: string, customer: string | null): Promise<string> {
  const wish = control({ command: 'START_CAMPAIGN', text: type, customer_id: customer })
  const mistakes = mistakesOfRequest(wish, topic.settings.population.customers)
  if (mistakes.length > 0) throw new SettingsError('the command', mistakes)
  await topic.write(new Map([[requestKey(randomUUID()), wish]]))
  return `fraud: ${type} with the next payment ${customer === null ? 'of anybody' : `of ${customer}`} at which it can begin`
}

/** The topic keeps one command of settings: it says what was set before, too. */
export async function turnDial(topic: ControlTopic, name: string, value: unknown): Promise<string> {
  const before = JSON.parse((await topic.newest()).get(INJECTOR)?.text ?? '{}') as object
  const wish = control({ command: 'SETTINGS', text: JSON.stringify({ ...before, [name]: value }) })
  const turned = overrideBy(wish, dialsOf(topic.settings))
  if ('mistakes' in turned) throw new SettingsError('the command', turned.mistakes)
  await topic.write(new Map([[INJECTOR, wish]]))
  return `fraud: ${wish.text}`
}

/** The scenario's dials hold again. */
export async function clearDials(topic: ControlTopic): Promise<string> {
  await topic.write(new Map([[INJECTOR, null]]))
  return 'fraud: as the scenario has it'
}

const control = (wish: Pick<Control, 'command'> & Partial<Control>): Control => ({
  target: INJECTOR,
  number: null,
  text: null,
  customer_id: null,
  ...wish,
})
