import type { Example, ParityCheck, TopicParity } from './parity.ts'
import type { Replayed } from './run.ts'

const number = (n: number): string => n.toLocaleString('en-IN')

const NAME_WIDTH = 16
const COLUMN_WIDTH = 17

const columns = [
  ['compared', ({ compared }) => compared],
  ['equal', ({ equal }) => equal],
  ['different', ({ different }) => different],
  ['missing', ({ missing }) => missing],
  ['extra', ({ extra }) => extra],
  ['not yet written', ({ notYetWritten }) => notYetWritten],
  ['left out', ({ leftOut }) => leftOut],
] as const satisfies readonly (readonly [string, (parity: TopicParity) => number])[]

/** A line a topic, then examples of what is wrong, then the verdict. */
export function parityText({ transactions, parity }: Replayed, changedRules: ReadonlySet<string>): string {
  const head = ['topic'.padEnd(NAME_WIDTH), ...columns.map(([name]) => name.padStart(COLUMN_WIDTH))].join('')
  const rows = parity.topics.map((one) =>
    [one.topic.padEnd(NAME_WIDTH), ...columns.map(([, count]) => number(count(one)).padStart(COLUMN_WIDTH))].join(''),
  )
  const examples = parity.topics.flatMap(({ topic, examples }) => examples.map((one) => exampleText(topic, one)))
  const rules =
    changedRules.size === 0
      ? []
      : [
          `Left out are alerts of ${[...changedRules].sort().join(', ')}, and the reasons of scores: these rules were changed by the topic, and no topic says from which payment on.`,
        ]
  return `${[`${number(transactions)} transactions recomputed`, '', head, ...rows, '', ...examples, ...rules, verdictOf(parity)].join('\n')}\n`
}

function verdictOf({ holds, topics }: ParityCheck): string {
  if (holds) return 'What the run wrote is what is recomputed.'
  const isEmpty = topics.every(({ compared, missing, extra }) => compared + missing + extra === 0)
  return isEmpty ? 'The run has written nothing to compare.' : 'What the run wrote is NOT what is recomputed.'
}

function exampleText(topic: string, { partition, id, what, fields }: Example): string {
  const told = fields.map(({ field, written, recomputed }) => {
    return `    ${field}: written ${JSON.stringify(written)}, recomputed ${JSON.stringify(recomputed)}\n`
  })
  return `  ${topic}[${partition}] ${id}: ${what}\n${told.join('')}`
}
