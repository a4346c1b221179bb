/** This machine lacks something; the message says what to install or to change. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError'
}
