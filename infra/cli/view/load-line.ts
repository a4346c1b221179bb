import { bar, count, dateTime, duration, number, percent } from './format.ts'
import { historyShare, type ViewModel } from './model.ts'
import { fit, piece, toText } from './text.ts'

/** A load test in one line, no wider than `width`. Pure: the same model gives the same line. */
export function loadLine(model: ViewModel, width: number, colour = false): string {
  const { phase, pace, steps, statuses, ackedPerSecond } = model
  const { producer } = statuses
  if (producer === undefined) return toText(fit([piece(`… ${steps.at(-1) ?? phase}`)], width), colour)
  const { scheduled, acked, shortfall, ackLatencyMs, clockMs } = producer
  const title = piece(`${phase} `, phase === 'live' ? 'good' : 'warn')
  if (phase === 'history') {
    const share = historyShare(statuses)
    return toText(fit([title, piece(`${bar(share, 10)} ${percent(share)} ${dateTime(clockMs)} IST`)], width), colour)
  }
  const line = [
    title,
    piece(pace, 'strong'),
    piece(`  scheduled ${count(scheduled)}  acked ${count(acked)}`),
    piece(ackedPerSecond === null ? '' : ` (${number(ackedPerSecond)}/s)`),
    piece(`  shortfall ${count(shortfall)}`, shortfall > 0 ? 'bad' : undefined),
    piece(ackLatencyMs === null ? '' : `  p99 ${duration(ackLatencyMs.p99)}`),
    piece(`  ${dateTime(clockMs)} IST`, 'dim'),
  ]
  return toText(fit(line, width), colour)
}
