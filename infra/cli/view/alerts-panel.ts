import type { Severity } from '#schemas/types.ts'
import type { AlertView } from '#services/monitor/latest-alerts.ts'
import type { Statuses } from '../start/status-board.ts'
import { clock, money } from './format.ts'
import { type Line, piece, type Tone } from './text.ts'

const tones: Readonly<Record<Severity, Tone | undefined>> = {
  CRITICAL: 'bad',
  HIGH: 'warn',
  MEDIUM: undefined,
  LOW: 'dim',
  UNKNOWN: 'dim',
}

const SHOWN_MAX = 5
const LINES_AN_ALERT = 2
const INDENT = 9

/** The latest alerts with their reasons, newest first, as many as there is room for. */
export function alertLines({ monitor }: Statuses, room: number, width: number): Line[] {
  const shown = Math.min(SHOWN_MAX, Math.floor((room - 1) / LINES_AN_ALERT))
  if (shown < 1) return []
  const alerts = (monitor?.latestAlerts ?? []).slice(-shown).reverse()
  const heading = '─ Latest alerts '
  const lines: Line[] = [[piece(heading.padEnd(width, '─'), 'dim')]]
  if (alerts.length === 0) return [...lines, [piece('none yet', 'dim')]]
  return [...lines, ...alerts.flatMap(linesOf)]
}

function linesOf(alert: AlertView): Line[] {
  const { eventTimeMs, severity, kind, customerId, amountMinor, city, text } = alert
  return [
    [
      piece(`${clock(eventTimeMs)} `, 'dim'),
      piece(`${severity.padEnd(8)} `, tones[severity]),
      piece(`${kind.toLowerCase().padEnd(8)} ${customerId} ${money(amountMinor)} ${city}`, 'strong'),
    ],
    // The scorer's text has the reasons in it, in words.
    [piece(' '.repeat(INDENT)), piece(text)],
  ]
}
