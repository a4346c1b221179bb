import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A number that stands in the code of the model, beside the data. */
export interface CodeConstant {
  readonly file: string
  readonly name: string
  /** As it is written. */
  readonly value: string
  /** What is said of it there. */
  readonly about: string
}

const declaration =
  /((?:^ *(?:\/\*\*|\*|\/\/).*\n)*)^(?:export )?const ([A-Z][A-Z\d_]+) = ([-\d._]+(?: [*/] [\w.]+)*)$/gm

const withoutMarks = (comment: string): string =>
  comment
    .split('\n')
    .map((line) =>
      line
        .trim()
        .replace(/^\/?\*+\/?|\*\/$|^\/\//g, '')
        .trim(),
    )
    .join(' ')
    .trim()

/** The numeric constants at the head of the files of a folder, in the order of the files. */
export function codeConstants(folder: string): CodeConstant[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ts'))
    .sort()
    .flatMap((file) =>
      [...readFileSync(join(folder, file), 'utf8').matchAll(declaration)].map(([, comment, name, value]) => ({
        file,
        name: name!,
        value: value!.replaceAll(/(?<=\d)_(?=\d)/g, ','),
        about: withoutMarks(comment ?? ''),
      })),
    )
}
