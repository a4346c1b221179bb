/** The vertical bar ends a cell of a table. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

const row = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |\n`

/** A table in Markdown. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('')

/** A page that is made, and says from what; its parts with a line between. */
export const page = (sources: string, parts: readonly string[]): string =>
  `<!-- Made by \`npm run docs\` from ${sources}. Edit those files instead. -->\n\n${parts.map((part) => part.trimEnd()).join('\n\n')}\n`
