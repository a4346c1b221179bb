import type { Second } from '#services/monitor/live/rates.ts'
import { count, duration, number, percent } from '../../cli/view/format.ts'
import type { PageState } from '../page-state.ts'
import { byId, html, say } from './dom.ts'
import { sumOfLast } from './seconds.ts'

interface Figure {
  readonly name: string
  /** What it stands for in the charts. */
  readonly key?: 'payment' | 'truth' | 'alert'
  readonly value: (state: PageState, seconds: readonly Second[]) => string
  readonly note: (state: PageState, seconds: readonly Second[]) => string
}

const MINUTE = 60
const RATE_SECONDS = 5

const figures: readonly Figure[] = [
  {
    name: 'Payments a second',
    key: 'payment',
    value: (_, seconds) => number(sumOfLast(seconds, RATE_SECONDS, ({ payments }) => payments) / RATE_SECONDS),
    note: ({ judged }) => `${count(judged)} with history`,
  },
  {
    name: 'Frauds a minute',
    key: 'truth',
    value: (_, seconds) => count(sumOfLast(seconds, MINUTE, ({ frauds }) => frauds)),
    note: ({ inForce }) => `by the truth; asked for: ${percent(inForce.fraudRate)}`,
  },
  {
    name: 'Alerts a minute',
    key: 'alert',
    value: (_, seconds) => count(sumOfLast(seconds, MINUTE, ({ alerts }) => alerts)),
    note: () => 'by the rules',
  },
  {
    name: 'Precision',
    value: ({ quality }) => percent(quality.precision),
    note: () => 'of alerted payments',
  },
  { name: 'Recall', value: ({ quality }) => percent(quality.recall), note: () => 'of frauds found' },
  {
    name: 'Until the alert',
    value: ({ latencyMs }) => (latencyMs === null ? '–' : duration(latencyMs.p50)),
    note: ({ latencyMs }) => (latencyMs === null ? 'no live alert yet' : `median; ${duration(latencyMs.p99)} at p99`),
  },
]

/** The figures that tell most. */
export class Tiles {
  readonly #parts = figures.map((figure) => ({ figure, value: html('dd', {}), note: html('dd', { class: 'note' }) }))

  constructor() {
    byId('tiles').append(
      ...this.#parts.map(({ figure: { name, key }, value, note }) => {
        const sign = key === undefined ? [] : [html('span', { class: `key ${key}`, 'aria-hidden': 'true' })]
        return html('dl', { class: 'tile' }, html('dt', {}, ...sign, name), value, note)
      }),
    )
  }

  update(state: PageState, seconds: readonly Second[]): void {
    for (const { figure, value, note } of this.#parts) {
      say(value, figure.value(state, seconds))
      say(note, figure.note(state, seconds))
    }
  }
}
