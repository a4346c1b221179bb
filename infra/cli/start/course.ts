import { setTimeout as delay } from 'node:timers/promises'
import { stillMissing } from './drained.ts'
import { type EndCondition, reasonToEnd } from './end-condition.ts'
import { HistoryGate } from './history-gate.ts'
import type { StatusBoard } from './status-board.ts'
import type { Supervisor } from './supervisor.ts'

const POLL_MS = 100
const DRAIN_MS_MAX = 60_000
const ASK_AGAIN_MS = 1_000

/**
 * Lets the live clock start once history has come through, so that no live payment waits behind it; then waits for
 * the end that was wished for, or for an interruption. Answers with the reason.
 */
export async function untilEnd(
  end: EndCondition,
  board: StatusBoard,
  supervisor: Supervisor,
  interrupted: AbortSignal,
): Promise<string> {
  const gate = new HistoryGate()
  // The producer knows them too: not a payment more than asked for, however fast it goes.
  const limits = {
    ...(end.untilMs !== undefined && { untilMs: end.untilMs }),
    ...(end.transactions !== undefined && { transactions: end.transactions }),
  }
  while (!interrupted.aborted) {
    const reason = reasonToEnd(end, board, Date.now())
    if (reason !== undefined) return reason
    if (gate.mayGoLive(board, performance.now())) supervisor.send('producer', { command: 'live', ...limits })
    await delay(POLL_MS)
  }
  return `interrupted by ${interrupted.reason}`
}

/**
 * Asks the producer to stop and waits until all it made has come out at the other end: a minute at the most. Answers
 * with what had not by then. Asked again every second, because a producer that was just restarted knows nothing of it.
 */
export async function drain(supervisor: Supervisor, board: StatusBoard): Promise<string[]> {
  const beganMs = performance.now()
  let askedMs = Number.NEGATIVE_INFINITY
  for (;;) {
    const missing = stillMissing(board)
    const nowMs = performance.now()
    if (missing.length === 0 || nowMs - beganMs > DRAIN_MS_MAX) return missing
    if (board.statuses.producer?.phase !== 'drained' && nowMs - askedMs > ASK_AGAIN_MS) {
      supervisor.send('producer', { command: 'drain' })
      askedMs = nowMs
    }
    await delay(POLL_MS)
  }
}
