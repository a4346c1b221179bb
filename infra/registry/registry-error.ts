/** What went wrong with the schema registry, and whether trying again may help. */
export const registryErrors = {
  /** No answer, or not in time, or it says that it is broken itself. */
  UNREACHABLE: { canRetry: true },
  /** It does not let us in, or answers what nobody can make sense of. */
  REFUSED: { canRetry: false },
  /** It knows no schema of this id. */
  UNKNOWN_ID: { canRetry: false },
  /** A new schema cannot read what the registered one has written. */
  INCOMPATIBLE: { canRetry: false },
  /** The subject is missing or its newest schema is not this program's. */
  DIFFERENT_SCHEMA: { canRetry: false },
} as const

export type RegistryErrorCode = keyof typeof registryErrors

export class RegistryError extends Error {
  override readonly name = 'RegistryError'
  readonly code: RegistryErrorCode
  readonly canRetry: boolean

  constructor(code: RegistryErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.canRetry = registryErrors[code].canRetry
  }
}
