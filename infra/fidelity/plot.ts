/** Numbers in the order of the plot's labels. */
export interface Series {
  readonly name: string
  readonly values: readonly number[]
}

const WIDTH = 560
const HEIGHT = 260
const LEFT = 46
const BOTTOM = 66
const TOP = 34
const colours = [
  '#2f6fde',
  '#e08a1e',
  '#3a9c5f',
  '#b8487a',
  '#7a5cc0',
  '#5b8a8f',
  '#c9b12c',
  '#8a5a44',
  '#c3423f',
  '#7d8794',
]
/** Labels beyond so many are left out evenly. */
const LABELS_MAX = 12

/** Text as HTML and SVG show it. */
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

const short = (value: number): string =>
  value >= 1_000 ? `${(value / 1_000).toFixed(0)}k` : value >= 10 ? value.toFixed(0) : value.toPrecision(2)

const frame = (title: string, body: string): string =>
  `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}" font-family="system-ui,sans-serif" font-size="11" fill="#444">
<text x="${LEFT}" y="14" font-size="14" fill="#1c2430">${escaped(title)}</text>
${body}
</svg>`

function legend(names: readonly string[]): string {
  let x = WIDTH
  const marks: string[] = []
  for (const [i, name] of [...names.entries()].reverse()) {
    x -= name.length * 6 + 18
    marks.push(
      `<rect x="${x}" y="6" width="9" height="9" fill="${colours[i % colours.length]}"/><text x="${x + 12}" y="14">${escaped(name)}</text>`,
    )
  }
  return marks.join('')
}

function labelsBelow(labels: readonly string[], step: number): string {
  const every = Math.ceil(labels.length / LABELS_MAX)
  const long = labels.some((label) => label.length > 6)
  return labels
    .map((label, i) => {
      if (i % every !== 0) return ''
      const x = LEFT + step * (i + 0.5)
      const y = HEIGHT - BOTTOM + 14
      const turn = long ? ` transform="rotate(-28 ${x} ${y})" text-anchor="end"` : ' text-anchor="middle"'
      return `<text x="${x}" y="${y}"${turn}>${escaped(label)}</text>`
    })
    .join('')
}

/** Bars of several series side by side. */
export function plot(title: string, labels: readonly string[], series: readonly Series[]): string {
  const top = Math.max(...series.flatMap(({ values }) => values)) || 1
  const step = (WIDTH - LEFT) / labels.length
  const width = (step * 0.8) / series.length
  const height = (value: number): number => ((HEIGHT - BOTTOM - TOP) * value) / top
  const bars = series.flatMap(({ name, values }, s) =>
    values.map((value, i) => {
      const x = LEFT + step * i + step * 0.1 + width * s
      const tall = height(value)
      return `<rect x="${x.toFixed(1)}" y="${(HEIGHT - BOTTOM - tall).toFixed(1)}" width="${width.toFixed(1)}" height="${tall.toFixed(1)}" fill="${colours[s]}"><title>${escaped(`${labels[i]}: ${name} ${short(value)}`)}</title></rect>`
    }),
  )
  const lines = [0.5, 1].map((share) => {
    const y = HEIGHT - BOTTOM - height(top * share)
    return `<line x1="${LEFT}" x2="${WIDTH}" y1="${y}" y2="${y}" stroke="#e3e7ec"/><text x="${LEFT - 6}" y="${y + 4}" text-anchor="end">${short(top * share)}</text>`
  })
  return frame(title, [...lines, ...bars, labelsBelow(labels, step), legend(series.map(({ name }) => name))].join('\n'))
}

/** One bar a row, parted into the shares of the columns. */
export function stacked(
  title: string,
  rows: readonly string[],
  columns: readonly string[],
  values: readonly (readonly number[])[],
): string {
  const left = 150
  const step = (HEIGHT - 60) / rows.length
  const bars = values.flatMap((row, r) => {
    let x = left
    return row.map((share, c) => {
      const wide = (WIDTH - left) * share
      const bar = `<rect x="${x.toFixed(1)}" y="${TOP + step * r}" width="${wide.toFixed(1)}" height="${step * 0.8}" fill="${colours[c % colours.length]}"><title>${escaped(`${rows[r]}, ${columns[c]}: ${(share * 100).toFixed(1)} %`)}</title></rect>`
      x += wide
      return bar
    })
  })
  const names = rows.map(
    (name, r) => `<text x="${left - 6}" y="${TOP + step * (r + 0.55)}" text-anchor="end">${escaped(name)}</text>`,
  )
  const keys = columns.map((name, c) => {
    const x = (c % 5) * 112
    const y = HEIGHT - 18 + Math.floor(c / 5) * 14
    return `<rect x="${x}" y="${y - 8}" width="9" height="9" fill="${colours[c % colours.length]}"/><text x="${x + 12}" y="${y}" font-size="9">${escaped(name)}</text>`
  })
  return frame(title, [...names, ...bars, ...keys].join('\n'))
}
