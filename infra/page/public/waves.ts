import uPlot from 'uplot'
import type { Second } from '#services/monitor/live/rates.ts'
import { count } from '../../cli/view/format.ts'
import { byId, html, say } from './dom.ts'
import { BIN_SECONDS, bin, sumOfLast, WINDOW_SECONDS } from './seconds.ts'

interface Strip {
  readonly key: 'payment' | 'truth' | 'alert'
  readonly title: string
  readonly of: (second: Second) => number
  readonly height: number
  /** Values of the upper edge at the least, so that a single one does not look like a wave. */
  readonly topMin: number
}

/** One above the other, on one axis of time: a wave of fraud is seen in the truth first, and in the alerts below it. */
const strips: readonly Strip[] = [
  { key: 'payment', title: 'Payments', of: ({ payments }) => payments, height: 66, topMin: 10 },
  { key: 'truth', title: 'Frauds, by the truth', of: ({ frauds }) => frauds, height: 98, topMin: 8 },
  { key: 'alert', title: 'Alerts, by the rules', of: ({ alerts }) => alerts, height: 114, topMin: 8 },
]
const AXIS_WIDTH = 44
const MINUTE = 60

/** Three strips of the last five minutes. */
export class Waves {
  readonly #box = byId<HTMLElement>('waves')
  #charts: { readonly strip: Strip; readonly chart: uPlot; readonly box: HTMLElement }[] = []
  #seconds: readonly Second[] = []

  constructor() {
    this.#draw()
    // A canvas does not know of style sheets: it is drawn anew in the other colours.
    window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#draw())
    new ResizeObserver(() => this.#resize()).observe(this.#box)
  }

  update(seconds: readonly Second[]): void {
    this.#seconds = seconds
    for (const { strip, chart, box } of this.#charts) {
      chart.setData(bin(seconds, strip.of))
      const minute = sumOfLast(seconds, MINUTE, strip.of)
      box.setAttribute('aria-label', `${strip.title}: ${count(minute)} in the last minute`)
    }
  }

  #draw(): void {
    for (const { chart } of this.#charts) chart.destroy()
    this.#box.replaceChildren()
    this.#charts = strips.map((strip, index) => {
      const box = html('div', { class: 'strip', role: 'img' })
      const title = html('p', { class: 'strip-title' }, html('span', { class: `key ${strip.key}` }))
      const text = html('span', {})
      say(text, `${strip.title}${index === 0 ? ` in ${BIN_SECONDS} seconds` : ''}`)
      title.append(text)
      this.#box.append(title, box)
      const chart = new uPlot(optionsOf(strip, this.#box.clientWidth, index === strips.length - 1), [[], []], box)
      return { strip, chart, box }
    })
    this.update(this.#seconds)
  }

  #resize(): void {
    for (const { strip, chart } of this.#charts) chart.setSize({ width: this.#box.clientWidth, height: strip.height })
  }
}

function optionsOf({ key, height, topMin }: Strip, width: number, hasAxis: boolean): uPlot.Options {
  const style = getComputedStyle(document.documentElement)
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim()
  const line = { stroke: colour('faint'), width: 1 }
  const axis = { stroke: colour('soft'), font: '11px system-ui, sans-serif', grid: line, ticks: { show: false } }
  return {
    width,
    height,
    legend: { show: false },
    cursor: { show: false },
    padding: [4, 14, hasAxis ? 0 : 7, 0],
    scales: {
      x: { time: false, range: [-WINDOW_SECONDS, BIN_SECONDS] },
      y: { range: (_, __, max) => [0, Math.max(topMin, max * 1.1)] },
    },
    axes: [
      {
        ...axis,
        show: hasAxis,
        size: 22,
        gap: 4,
        splits: [-300, -240, -180, -120, -60, 0],
        values: (_, splits) => splits.map((ago) => (ago === 0 ? 'now' : `${-ago / MINUTE} min`)),
      },
      {
        ...axis,
        size: AXIS_WIDTH,
        gap: 6,
        space: 24,
        values: (_, splits) => splits.map((n) => (Number.isInteger(n) ? count(n) : '')),
      },
    ],
    series: [
      {},
      {
        fill: colour(key),
        stroke: colour(key),
        width: 0,
        points: { show: false },
        paths: uPlot.paths.bars!({ size: [0.8, 40], align: 1, gap: 1 }),
      },
    ],
  }
}
