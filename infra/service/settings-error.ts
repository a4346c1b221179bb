import { exitCodes } from './exit-codes.ts'

/** What a person set is wrong: all of it at once, a line each. Leads to exit code 2. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
  /** Of a service: another try would not help. */
  readonly exitCode = exitCodes.usage
  readonly mistakes: readonly string[]

  constructor(about: string, mistakes: readonly string[]) {
    const count = mistakes.length === 1 ? '1 mistake' : `${mistakes.length} mistakes`
    super(`${count} in ${about}:\n${mistakes.map((mistake) => `  ${mistake}`).join('\n')}`)
    this.mistakes = mistakes
  }
}
