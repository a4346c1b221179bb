import { alertLines } from './alerts-panel.ts'
import { figureLines } from './figures-panel.ts'
import { bar, count, dateTime, duration, percent } from './format.ts'
import { historyShare, type Phase, type ViewModel } from './model.ts'
import { fit, justify, type Line, piece, type Tone, toText } from './text.ts'

const phaseTones: Readonly<Record<Phase, Tone>> = {
  starting: 'warn',
  history: 'warn',
  'catching up': 'warn',
  live: 'good',
  draining: 'warn',
  stopping: 'warn',
}

const NOTES_MAX = 2

/**
 * The live view as lines of text, none wider than `width` and together less than `height`, so that a terminal does
 * not scroll. Pure: the same model gives the same lines.
 */
export function renderView(model: ViewModel, width: number, height: number, colour = false): string[] {
  const lines: Line[] = [title(model, width), [piece('─'.repeat(width), 'dim')]]
  if (model.statuses.producer === undefined) lines.push(...startLines(model))
  else lines.push(...figureLines(model.statuses, Math.max(1, height - 21)))
  const notes = model.notes.slice(-NOTES_MAX).map((note): Line => [piece('! ', 'warn'), piece(note)])
  const page: Line[] = model.page === undefined ? [] : [[piece('Live page  ', 'dim'), piece(model.page)]]
  const left = height - 1 - lines.length - notes.length - page.length - 1
  if (model.statuses.producer !== undefined) lines.push(...alertLines(model.statuses, left, width))
  lines.push(...notes, ...page, footer(model, width))
  return lines.slice(0, height - 1).map((line) => toText(fit(line, width), colour))
}

function title({ phase, pace, statuses, elapsedMs }: ViewModel, width: number): Line {
  const { producer } = statuses
  const left: Line = [
    piece('Rupeestream', 'title'),
    piece('  '),
    piece(`● ${phase}`, phaseTones[phase]),
    ...(phase === 'history' ? historyPieces(historyShare(statuses)) : []),
    ...(producer === undefined ? [] : [piece(`  ${dateTime(producer.clockMs)} IST`, 'strong'), piece(`  ${pace}`)]),
  ]
  return justify(left, [piece(duration(elapsedMs), 'dim')], width)
}

const historyPieces = (share: number): Line => [piece(` ${bar(share, 10)} ${percent(share)}`)]

function startLines({ steps }: ViewModel): Line[] {
  const done = steps.slice(0, -1).map((step): Line => [piece('✓ ', 'good'), piece(step)])
  const now = steps.slice(-1).map((step): Line => [piece('… ', 'warn'), piece(step)])
  return [...done, ...now]
}

function footer({ seed, statuses, phase }: ViewModel, width: number): Line {
  const { monitor, producer } = statuses
  const left: Line = [
    piece(`seed ${seed}`, 'dim'),
    ...(producer === undefined ? [] : [piece(`  ${count(producer.transactions)} transactions in all`, 'dim')]),
    ...(monitor?.metricsUrl ? [piece(`  ${monitor.metricsUrl}`, 'dim')] : []),
  ]
  const hint = phase === 'draining' || phase === 'stopping' ? 'Ctrl-C leaves at once' : 'Ctrl-C ends the run'
  return justify(left, [piece(hint, 'dim')], width)
}
