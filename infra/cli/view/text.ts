/** How a piece of text stands out; the terminal's own colours decide how that looks. */
export type Tone = 'title' | 'good' | 'warn' | 'bad' | 'dim' | 'strong'

export interface Piece {
  readonly text: string
  readonly tone?: Tone | undefined
}

export type Line = readonly Piece[]

const codes: Readonly<Record<Tone, string>> = {
  title: '1;36',
  good: '32',
  warn: '33',
  bad: '31',
  dim: '2',
  strong: '1',
}

/** Control characters could move the cursor: nothing that comes from records may do that. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
const control = /[\u0000-\u001f\u007f-\u009f]/g

export const piece = (text: string, tone?: Tone): Piece => ({ text: text.replace(control, ' '), tone })

/** Cuts a line to so many columns; what is cut shows as an ellipsis. */
export function fit(line: Line, width: number): Line {
  const length = line.reduce((total, { text }) => total + text.length, 0)
  if (length <= width) return line
  const result: Piece[] = []
  let left = width - 1
  for (const { text, tone } of line) {
    if (left <= 0) break
    result.push({ text: text.slice(0, left), tone })
    left -= text.length
  }
  return [...result, { text: '…', tone: result.at(-1)?.tone }]
}

/** Puts one line's end at the right edge. */
export function justify(left: Line, right: Line, width: number): Line {
  const used = [...left, ...right].reduce((total, { text }) => total + text.length, 0)
  return used + 1 > width ? left : [...left, { text: ' '.repeat(width - used) }, ...right]
}

export const toText = (line: Line, colour: boolean): string =>
  line
    .map(({ text, tone }) => (colour && tone !== undefined ? `\u001b[${codes[tone]}m${text}\u001b[0m` : text))
    .join('')
    .trimEnd()
