import { z } from 'zod'
import { mistakesOf, mistakeText } from '#services/settings-errors.ts'
import type { ControlTopic } from '../control/control-topic.ts'
import { clearDials, startCampaign, turnDial } from '../control/fraud-commands.ts'
import { clearPace, pauseOrResume, setPace } from '../control/pace-commands.ts'
import { SettingsError } from '../service/settings-error.ts'

/** One button: what its request must hold, and what it commands. */
interface Command<Wish> {
  readonly wish: z.ZodType<Wish>
  give(topic: ControlTopic, wish: Wish): Promise<string>
}

const command = <Wish>(wish: z.ZodType<Wish>, give: Command<Wish>['give']): Command<Wish> => ({ wish, give })

const nothing = z.strictObject({})
const amount = z.strictObject({ value: z.number() })

/** By the last part of their path, /api/control/… Limits of values are those of the commands on the command line. */
const commands = {
  speed: command(amount, (topic, { value }) => setPace(topic, 'SPEED', value)),
  rate: command(amount, (topic, { value }) => setPace(topic, 'RATE', value)),
  pause: command(nothing, (topic) => pauseOrResume(topic, 'PAUSE')),
  resume: command(nothing, (topic) => pauseOrResume(topic, 'RESUME')),
  'fraud-rate': command(z.strictObject({ value: z.union([z.number(), z.string()]) }), (topic, { value }) =>
    turnDial(topic, 'rate', value),
  ),
  campaign: command(
    z.strictObject({
      type: z.string(),
      modus: z.string().nullable().default(null),
      customer: z.string().nullable().default(null),
    }),
    (topic, { type, modus, customer }) => startCampaign(topic, modus === null ? type : `${type}/${modus}`, customer),
  ),
  clear: command(nothing, async (topic) => `${await clearPace(topic)}; ${await clearDials(topic)}`),
}

export const commandNames: readonly string[] = Object.keys(commands)

/** Gives the command of this name, one after the other: each may build on the one before. */
export class ControlApi {
  readonly #topic: ControlTopic
  #last: Promise<unknown> = Promise.resolve()

  constructor(topic: ControlTopic) {
    this.#topic = topic
  }

  /** Answers with what was commanded, in words; throws SettingsError with all mistakes. */
  give(name: string, wish: unknown): Promise<string> {
    const given = this.#last.then(() => this.#give(name, wish))
    this.#last = given.catch(() => {})
    return given
  }

  #give(name: string, input: unknown): Promise<string> {
    const { wish, give } = commands[name as keyof typeof commands] as Command<unknown>
    const parsed = wish.safeParse(input)
    if (parsed.success) return give(this.#topic, parsed.data)
    throw new SettingsError('the command', mistakesOf(wish, parsed.error, input).map(mistakeText))
  }
}
