import type { Control } from '#schemas/types.ts'
import { dialSchema, type FraudSettings, type Settings } from '../settings.ts'
import { mistakesOf, mistakeText } from '../settings-errors.ts'
import type { InjectorTotals } from './totals.ts'

/** What can be turned: the settings of fraud, and of disorder beside them. */
export interface DialSettings extends FraudSettings {
  readonly disorder: Settings['disorder']
}

/** What a command has put in force, in place of the scenario's. */
export type Override = Partial<DialSettings>

/** Target and key of the command that turns the dials; a request to start a campaign has a key of its own below it. */
export const INJECTOR: Control['target'] = 'FRAUD_INJECTOR'

/** The fraud settings in force: the scenario's, but for what a command says. */
export class Dials {
  readonly #scenario: DialSettings
  readonly #inForce = new WeakMap<Override, DialSettings>()

  constructor(scenario: Pick<Settings, 'fraud' | 'disorder'>) {
    this.#scenario = dialsOf(scenario)
  }

  /** Follows a command of the topic `control`. Answers with the mistakes of one that changes nothing. */
  turn(control: Control | null, totals: InjectorTotals): readonly string[] {
    const turned = overrideBy(control, this.#scenario)
    if ('mistakes' in turned) return turned.mistakes
    totals.override = turned.override
    return []
  }

  /** The same object as long as no other command comes. */
  of({ override }: Pick<InjectorTotals, 'override'>): DialSettings {
    if (override === null) return this.#scenario
    const known = this.#inForce.get(override)
    if (known !== undefined) return known
    const settings = dialSchema.parse({ ...this.#scenario, ...override })
    this.#inForce.set(override, settings)
    return settings
  }
}

/** A scenario's dials. */
export const dialsOf = ({ fraud, disorder }: Pick<Settings, 'fraud' | 'disorder'>): DialSettings => ({
  ...fraud,
  disorder,
})

/** What a SETTINGS command puts in force over this scenario, or its mistakes. Null is a command taken back. */
export function overrideBy(
  control: Control | null,
  scenario: DialSettings,
): { readonly override: Override | null } | { readonly mistakes: readonly string[] } {
  if (control === null) return { override: null }
  if (control.command !== 'SETTINGS') return { mistakes: [`command: expected SETTINGS, came ${control.command}`] }
  const wanted = parse(control.text)
  if (wanted === null || typeof wanted !== 'object')
    return { mistakes: [`text: expected settings of fraud as JSON, came ${JSON.stringify(control.text)}`] }
  const input = { ...scenario, ...wanted }
  const parsed = dialSchema.safeParse(input)
  return parsed.success
    ? { override: wanted }
    : { mistakes: mistakesOf(dialSchema, parsed.error, input).map(mistakeText) }
}

function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined
  }
}
