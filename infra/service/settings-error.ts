import { exitCodes } from './exit-codes.ts'

/** What a person set is wrong: all of it at once, a line each, and perhaps what to do. Leads to exit code 2. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
  /** Of a service: another try would not help. */
  readonly exitCode = exitCodes.usage
  readonly mistakes: readonly string[]

  constructor(about: string, mistakes: readonly string[], advice?: string) {
    const count = mistakes.length === 1 ? '1 mistake' : `${mistakes.length} mistakes`
    const lines = [...mistakes.map((mistake) => `  ${mistake}`), ...(advice === undefined ? [] : [advice])]
    super(`${count} in ${about}:\n${lines.join('\n')}`)
    this.mistakes = mistakes
  }
}
