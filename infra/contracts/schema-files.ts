import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = join(import.meta.dirname, '../../schemas')

/** The text of an .avsc file, as it is registered; `name` is the file's name without .avsc. */
export function schemaText(name: string): string {
  return readFileSync(join(folder, `${name}.avsc`), 'utf8')
}
