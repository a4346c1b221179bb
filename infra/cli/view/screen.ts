import type { WriteStream } from 'node:tty'
import { loadLine } from './load-line.ts'
import type { ViewModel } from './model.ts'
import { modelJson } from './model.ts'
import { renderView } from './render.ts'

/** Where a run shows itself. */
export interface Screen {
  /** Milliseconds between two calls of `show`. */
  readonly everyMs: number
  show(model: ViewModel): void
  /** Leaves what was shown last on the terminal and gives the cursor back. */
  close(): void
}

const HOME = '\u001b[H'
const CLEAR = '\u001b[2J'
const CLEAR_LINE = '\u001b[K'
const CLEAR_BELOW = '\u001b[J'
const HIDE_CURSOR = '\u001b[?25l'
const SHOW_CURSOR = '\u001b[?25h'

/** Draws over itself on a terminal. Whole frames in one write, each line cleared to its end: no flicker, no rests. */
export function terminalScreen(out: WriteStream, colour: boolean): Screen {
  let opened = false
  const restore = () => {
    if (opened) out.write(SHOW_CURSOR)
  }
  process.on('exit', restore)
  return {
    everyMs: 250,
    show(model) {
      const lines = renderView(model, out.columns || 80, out.rows || 24, colour)
      const frame = lines.map((line) => `${line}${CLEAR_LINE}\n`).join('')
      out.write(`${opened ? '' : HIDE_CURSOR + CLEAR}${HOME}${frame}${CLEAR_BELOW}`)
      opened = true
    },
    close() {
      restore()
      opened = false
      process.off('exit', restore)
    },
  }
}

/** One line that is drawn over; what went wrong and was mended stays above it. */
export function lineScreen(out: WriteStream, colour: boolean): Screen {
  let noted = 0
  return {
    everyMs: 250,
    show(model) {
      for (const note of model.notes.slice(noted)) out.write(`\r! ${note}${CLEAR_LINE}\n`)
      noted = model.notes.length
      out.write(`\r${loadLine(model, (out.columns || 80) - 1, colour)}${CLEAR_LINE}`)
    },
    close() {
      out.write('\n')
    },
  }
}

/**
 * A line of JSON now and then, for pipes and logs, and one at each change of phase or start-up step. The live page's
 * address, which has a token in it, is for people: it goes to `err`.
 */
export function jsonScreen(out: NodeJS.WritableStream, err: NodeJS.WritableStream, everyMs = 5_000): Screen {
  let shownMs = Number.NEGATIVE_INFINITY
  let shownPage: string | undefined
  let shownStep = ''
  return {
    everyMs: 250,
    show(model) {
      if (model.page !== shownPage) err.write(`Live page  ${model.page}\n`)
      shownPage = model.page
      const nowMs = Date.now()
      const step = `${model.phase} ${model.steps.length}`
      if (step === shownStep && nowMs - shownMs < everyMs) return
      shownMs = nowMs
      shownStep = step
      out.write(`${modelJson(model, nowMs)}\n`)
    },
    close() {},
  }
}
