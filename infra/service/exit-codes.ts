/** What the processes of Rupeestream say when they end. */
export const exitCodes = {
  ok: 0,
  /** Something broke, or a run did not reach its end. */
  failure: 1,
  /** Wrong arguments, settings or connection: nothing was started. */
  usage: 2,
  /** This machine lacks something, such as a JDK. */
  environment: 3,
  /** The run is whole, and a threshold that it was held to is missed. */
  threshold: 4,
  /** Ctrl-C (128 + SIGINT) and SIGTERM (128 + SIGTERM), where they cut something short. */
  interrupted: 130,
  terminated: 143,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]
