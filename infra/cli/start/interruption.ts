import { exitCodes } from '../../service/exit-codes.ts'

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Stays aborted from the first Ctrl-C (or SIGTERM, SIGHUP) on; the second leaves at once. */
export function listenForInterruption(): AbortSignal {
  const controller = new AbortController()
  for (const name of stopSignals) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(exitCodes.interrupted)
      controller.abort(name)
    })
  }
  return controller.signal
}
