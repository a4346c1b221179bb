import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { comparison, conditionWords } from '#infra/contracts/condition-words.ts'
import type { Condition } from '#schemas/types.ts'
import detectors from '#services/scorer/anomaly/detectors.json' with { type: 'json' }
import list from '#services/scorer/features.json' with { type: 'json' }
import rules from '#services/scorer/rules.json' with { type: 'json' }

// `npm run check` holds the pages to what they are made from; here it is what they say.
const docs = join(import.meta.dirname, '../../../docs')
const files = globSync('**/*.md', { cwd: docs })
const read = (file: string): string => readFileSync(join(docs, file), 'utf8')
const names = list.features.map(({ name }) => name)

/** The rows of the first table below a heading, as cells. */
function rowsBelow(page: string, heading: string): string[][] {
  const lines = page.slice(page.indexOf(heading)).split('\n')
  const first = lines.findIndex((line) => line.startsWith('| ---'))
  const rows = lines.slice(first + 1)
  const end = rows.findIndex((line) => !line.startsWith('|'))
  return rows.slice(0, end).map((line) => line.slice(2, -2).split(' | '))
}

const headBelow = (page: string, heading: string): string[] =>
  page
    .slice(page.indexOf(heading))
    .split('\n')
    .find((line) => line.startsWith('|'))!
    .slice(2, -2)
    .split(' | ')

const anchorsOf = (file: string): Set<string> =>
  new Set(
    [...readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
      title!
        .toLowerCase()
        .replaceAll(/[^\w\- ]/g, '')
        .replaceAll(' ', '-'),
    ),
  )

test('every feature and every rule has a page, which its list links', () => {
  for (const [folder, ids] of [
    ['features', names],
    ['rules', rules.map(({ rule_id }) => rule_id)],
  ] as const) {
    const index = read(`${folder}/README.md`)
    for (const id of ids) {
      expect(index).toContain(`[${id}](${id}.md)`)
      expect(read(`${folder}/${id}.md`)).toContain(`# ${id}\n`)
    }
  }
})

test('every link within the pages leads somewhere', () => {
  const broken: string[] = []
  for (const file of files) {
    for (const [, target] of read(file).matchAll(/\]\(([^)]+)\)/g)) {
      if (target!.startsWith('http')) continue
      const [path, anchor] = target!.split('#')
      const to = path === '' ? join(docs, file) : join(docs, dirname(file), path!)
      const leads = existsSync(to) && (anchor === undefined || anchorsOf(to).has(anchor))
      if (!leads) broken.push(`${file}: ${target}`)
    }
  }
  expect(broken).toEqual([])
})

test('nothing on a page is without words', () => {
  expect(files.length).toBeGreaterThan(100)
  for (const file of files) expect(read(file), file).not.toMatch(/undefined|\[object|NaN|Infinity/)
})

test('of every feature it is said once how exact it is, and detectors that look at it exist', () => {
  expect(list.exactness.flatMap(({ features }) => features).sort()).toEqual(names.toSorted())
  for (const [name, looks] of Object.entries(list.detectors)) {
    expect(names).toContain(name)
    for (const detector of looks) {
      const [family, subtype] = detector.split('.') as ['AMOUNT', 'SPIKE']
      expect(detectors[family]?.[subtype], detector).toBeDefined()
    }
  }
})

test('an example has what the feature is made of beside its value', () => {
  const page = read('features/ix_velocity_amount.md')
  const head = headBelow(page, '## An example')
  const rows = rowsBelow(page, '## An example')
  const column = (name: string) => rows.map((row) => Number(row[head.indexOf(`\`${name}\``)]))
  expect(rows).toHaveLength(6)
  const zScores = column('amount_zscore_30d')
  const counts = column('txn_count_1h')
  for (const [i, value] of column('ix_velocity_amount').entries()) {
    expect(value).toBeCloseTo(Math.log1p(counts[i]!) * Math.max(0, zScores[i]!), 4)
  }
})

test('the parts of the explained score add up to it', () => {
  const page = read('alert.md')
  const [, base] = /has the log-odds (-?[\d.]+); by TreeSHAP/.exec(page)!
  const [, raw, score] = /Together (-?[\d.]+), which is .* = ([\d.e-]+)\. On `scores`/.exec(page)!
  const told = rowsBelow(page, '## 4. The score').map((row) => Number(row[2]))
  const all = rowsBelow(page, '## 3. Its features').map((row) => Number(row[5]))
  const sum = (parts: number[]) => parts.reduce((total, part) => total + part, Number(base))
  expect(all).toHaveLength(names.length)
  expect(sum(told)).toBeCloseTo(Number(raw), 2)
  expect(sum(all)).toBeCloseTo(Number(raw), 2)
  expect(1 / (1 + Math.exp(-Number(raw)))).toBeCloseTo(Number(score), 3)
  expect(page).toContain(`"score": ${score!.slice(0, 5)}`)
})

describe('a condition in words', () => {
  const leaf = (fields: Partial<Condition>): Condition => ({
    ...{ op: 'GTE', feature: 'txn_count_1h', value: 5, times: null, of: null, children: [] },
    ...fields,
  })

  test('names limits, multiples, and the greater of both', () => {
    expect(comparison(leaf({}))).toBe('payments within an hour: at least 5')
    const times = { times: 6, of: 'own_txn_per_hour_30d' }
    expect(comparison(leaf({ ...times, value: null }))).toBe(
      'payments within an hour: at least 6 times own payments an hour',
    )
    expect(comparison(leaf({ op: 'LT', ...times }))).toBe(
      'payments within an hour: below the greater of 5 and 6 times own payments an hour',
    )
  })

  test('writes rupees as alerts do, and flags without numbers', () => {
    expect(comparison(leaf({ feature: 'amount_minor', value: 12_345_600 }))).toBe('amount: at least ₹1,23,456')
    expect(comparison(leaf({ op: 'EQ', feature: 'is_new_device', value: 0 }))).toBe('device is known to the customer')
  })

  test('nests what is joined', () => {
    const not = leaf({ op: 'NOT', feature: null, value: null, children: [leaf({})] })
    const either = leaf({ op: 'OR', feature: null, value: null, children: [leaf({ value: 9 }), not] })
    expect(conditionWords(either)).toBe(
      [
        '- At least one of these holds:',
        '  - payments within an hour: at least 9',
        '  - This does not hold:',
        '    - payments within an hour: at least 5',
      ].join('\n'),
    )
  })
})
