import { escaped } from '../fidelity/plot.ts'

/** What is drawn between two axes: a line, or dots. */
export interface Curve {
  readonly name: string
  readonly colour: string
  readonly how: 'line' | 'dashes' | 'dots'
  readonly points: readonly (readonly [across: number, up: number])[]
}

/** Where on an axis a value lies, 0 to 1, and what is written beside it. */
export interface Axis {
  readonly label: string
  readonly ticks: readonly number[]
  readonly at: (value: number) => number
}

const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`

export const linear = (label: string): Axis => ({ label, ticks: [0, 0.25, 0.5, 0.75, 1], at: (value) => value })

/** From a power of ten to 1: what is less is drawn at the beginning. */
export const logarithmic = (label: string, decades: number): Axis => ({
  label,
  ticks: Array.from({ length: decades + 1 }, (_, i) => 10 ** (i - decades)),
  at: (value) => Math.max(0, 1 + Math.log10(value) / decades),
})

const WIDTH = 560
const LEFT = 58
const RIGHT = 18
const TOP = 52
const BOTTOM = 46
const HEIGHT = 320
/** About how wide a letter of a legend is. */
const LETTER = 6.6

const svg = (title: string, height: number, body: readonly string[]): string =>
  `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escaped(title)}" font-family="system-ui,sans-serif" font-size="11" fill="#444">
<text x="0" y="14" font-size="14" font-weight="600" fill="#1c2430">${escaped(title)}</text>
${body.join('\n')}
</svg>`

const text = (x: number, y: number, words: string, anchor = 'start'): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${escaped(words)}</text>`

const gridLine = (x1: number, y1: number, x2: number, y2: number): string =>
  `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="#e3e7ec"/>`

const right = (share: number): number => LEFT + (WIDTH - LEFT - RIGHT) * share
const high = (share: number): number => HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * share

function legend(all: readonly Pick<Curve, 'name' | 'colour'>[]): string[] {
  let x = LEFT
  return all.map(({ name, colour }) => {
    const from = x
    x += name.length * LETTER + 30
    return `<rect x="${from.toFixed(1)}" y="26" width="14" height="4" rx="2" fill="${colour}"/>${text(from + 19, 32, name)}`
  })
}

function drawn({ name, colour, how, points }: Curve, across: Axis, up: Axis): string {
  const places = points.map(([x, y]) => [right(across.at(x)), high(up.at(y))] as const)
  if (how === 'dots') {
    return places
      .map(([x, y], i) => {
        const said = points[i]!.map(percent).join(', ')
        return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="4.5" fill="${colour}"><title>${escaped(`${name}: ${said}`)}</title></circle>`
      })
      .join('')
  }
  const path = places.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')
  const dash = how === 'dashes' ? ' stroke-dasharray="5 4"' : ''
  return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2" stroke-linejoin="round"${dash}><title>${escaped(name)}</title></polyline>`
}

/** Curves between two axes. */
export function curvePlot(title: string, across: Axis, up: Axis, all: readonly Curve[]): string {
  const vertical = across.ticks.flatMap((tick) => [
    gridLine(right(across.at(tick)), high(0), right(across.at(tick)), high(1)),
    text(right(across.at(tick)), HEIGHT - BOTTOM + 16, percent(tick), 'middle'),
  ])
  const horizontal = up.ticks.flatMap((tick) => [
    gridLine(LEFT, high(up.at(tick)), WIDTH - RIGHT, high(up.at(tick))),
    text(LEFT - 6, high(up.at(tick)) + 4, percent(tick), 'end'),
  ])
  const labels = [
    text(right(0.5), HEIGHT - 8, across.label, 'middle'),
    `<text transform="translate(12 ${high(0.5)}) rotate(-90)" text-anchor="middle">${escaped(up.label)}</text>`,
  ]
  const lines = all.map((curve) => drawn(curve, across, up))
  return svg(title, HEIGHT, [...vertical, ...horizontal, ...lines, ...labels, ...legend(all)])
}

/** A value from 0 to 1 and the band in which it should lie. */
export interface Ranged {
  readonly name: string
  readonly value: number
  readonly band: { readonly min: number; readonly max: number } | undefined
}

const NAMES = 190
const ROW = 21
const colours = { inside: '#2f6fde', outside: '#b3261e', band: '#d5e3d8' } as const

/** A row for each value from `from` to 1, a dot in or beside its band. */
export function rangePlot(title: string, from: number, rows: readonly Ranged[]): string {
  const height = TOP + rows.length * ROW + 26
  const x = (value: number): number => NAMES + (WIDTH - NAMES - 60) * Math.max(0, (value - from) / (1 - from))
  const ticks = Array.from({ length: 7 }, (_, i) => from + ((1 - from) * i) / 6)
  const grid = ticks.flatMap((tick) => [
    gridLine(x(tick), TOP - 8, x(tick), height - 24),
    text(x(tick), height - 8, String(Number(tick.toFixed(2))), 'middle'),
  ])
  const marks = rows.flatMap(({ name, value, band }, i) => {
    const y = TOP + i * ROW
    const isInside = band === undefined || (value >= band.min && value <= band.max)
    const colour = colours[isInside ? 'inside' : 'outside']
    const rest =
      band === undefined
        ? ''
        : `<rect x="${x(band.min).toFixed(1)}" y="${y}" width="${(x(band.max) - x(band.min)).toFixed(1)}" height="12" rx="3" fill="${colours.band}"/>`
    const dot = `<circle cx="${x(value).toFixed(1)}" cy="${y + 6}" r="5" fill="${colour}"/>`
    return [text(NAMES - 12, y + 10, name, 'end'), rest, dot, text(WIDTH - 44, y + 10, value.toFixed(3))]
  })
  const keys = [
    { name: 'within its band', colour: colours.inside },
    { name: 'outside', colour: colours.outside },
    { name: 'the band', colour: colours.band },
  ]
  return svg(title, height, [...grid, ...marks, ...legend(keys)])
}
