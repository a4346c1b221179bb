import type { Rule } from '#schemas/types.ts'
import list from '#services/scorer/features.json' with { type: 'json' }
import { type FeatureDescription, featureList, featureListVersion } from '#services/scorer/features.ts'
import { operands } from '#services/scorer/operands.ts'
import rules from '#services/scorer/rules.json' with { type: 'json' }
import { reasonOf } from '#services/scorer/words.ts'
import { figure, namesIn, recordCells, recordHead, truthOf } from './example-text.ts'
import { aboutWorld, type Example } from './example-world.ts'
import { columnsOf, lastAttempts, workedExamples } from './feature-examples.ts'
import { page, table } from './markdown.ts'
import { type ModelUse, modelUse, shippedModel } from './model-use.ts'

const SOURCES = 'services/scorer/features.json and the simulation'

/** In the order of the index. */
const families = [
  ['velocity', 'How many, how fast'],
  ['behavioral', 'Unlike the own habits'],
  ['geographic', 'Where'],
  ['network', 'With whom else'],
  ['frequency', 'Anomalies: how many'],
  ['severity', 'Anomalies: how bad'],
  ['type_distribution', 'Anomalies: of which kind'],
  ['persistence', 'Anomalies: how long'],
  ['high_risk_combination', 'Interactions: what is bad together'],
  ['pattern_alignment', 'Interactions: what agrees'],
  ['risk_amplification', 'Interactions: all that speaks against a payment'],
  ['extension', 'Extensions'],
] as const

/** Whose partition the value comes from. */
const entities: ReadonlySet<string> = new Set(['merchant', 'payee', 'device'])

const exactness = new Map(
  list.exactness.flatMap(({ holds, features }) => features.map((name) => [name, holds] as const)),
)
const detectors = new Map(Object.entries(list.detectors))
const shippedRules = rules as unknown as readonly Rule[]
const places = new Map(featureList.map(({ name }, place) => [name, place]))

/** Features whose names stand in the definition: what this one is made of. */
const partsOf = ({ name, definition }: FeatureDescription): string[] =>
  [...new Set(definition.match(/\w+/g))].filter((word) => word !== name && places.has(word))

const link = (name: string): string => `[${name}](${name}.md)`

/** The pages on features, by file name: one each, and a list of them by family. */
export function featureDocs(world: readonly Example[]): Record<string, string> {
  const uses = modelUse(world)
  const worked = workedExamples(world)
  const values = valuesOf(lastAttempts(world))
  const pages = featureList.map((feature, place) => {
    const text = featurePage(feature, place, uses, worked[place]!, values)
    return [`features/${feature.name}.md`, text] as const
  })
  return { 'features/README.md': index(uses), ...Object.fromEntries(pages) }
}

function index(uses: readonly ModelUse[]): string {
  const sections = families.map(([subgroup, title]) => {
    const rows = featureList.flatMap((feature, place) => {
      if (feature.subgroup !== subgroup) return []
      const { name, words, key, window } = feature
      return [[link(name), words, key, window, String(uses[place]!.splits), String(rulesOn(name).length)]]
    })
    return `## ${title}\n\n${table(['Feature', 'In words', 'Key', 'Window', 'Splits', 'Rules'], rows)}`
  })
  return page(SOURCES, [
    '# Features',
    `${featureList.length} features of every payment, version ${featureListVersion} of the list. Each has a page: what it is, whose payments it looks at, how exact it is, who uses it, and how it comes about.`,
    'All of them are in event time; a window is half open, (time - window, time], and has the payment itself in it. A record that is late by up to 24 hours of its customer’s time takes its place among the others; a later one is scored, but not remembered. Money that comes in is no attempt to pay: it has features, but no rule looks at it, and its score is 0.',
    `On the topic \`features\` they are 4 bytes each, in the order of the list: [how to decode them](../decode/README.md). Splits are those of the shipped model, which has ${uses.reduce((sum, { splits }) => sum + splits, 0)}.`,
    ...sections,
  ])
}

const rulesOn = (name: string): readonly Rule[] => shippedRules.filter(({ when }) => namesIn(when).includes(name))

function featurePage(
  feature: FeatureDescription,
  place: number,
  uses: readonly ModelUse[],
  worked: readonly Example[],
  values: Values,
): string {
  const { name, definition, basis } = feature
  return page(SOURCES, [
    `# ${name}`,
    definition,
    `Basis: ${basis} (S as asked, C where a choice was made beyond it).`,
    table(['', ''], facts(feature, place)),
    `## Who uses it\n\n${users(feature, uses, place)}`,
    `## Values\n\nOf attempts to pay, in the last seven days of ${aboutWorld}.\n\n${quantiles(values, place)}`,
    `## An example\n\n${exampleText(feature, place, worked)}`,
  ])
}

function facts({ name, group, subgroup, key, window, type, unit, cold_start }: FeatureDescription, place: number) {
  const fold = entities.has(key) ? 'entity fold, which is asked about it' : 'customer fold'
  return [
    ['Family', group === subgroup ? group : `${group}, ${subgroup.replaceAll('_', ' ')}`],
    ['Key', key],
    ['Fold', fold],
    ['Window', window],
    ['Cold start', cold_start],
    ['How exact', exactness.get(name)!],
    ['Type', type],
    ['Unit', unit],
    [
      'In `values` of `features`',
      `place ${place}, counted from 0: bytes ${place * 4} to ${place * 4 + 3}, single precision, little endian`,
    ],
    [
      'Ordinary',
      `${figure(shippedModel.card.baselines[name]!)}: the median of payments that nobody had reported, from the model’s card`,
    ],
  ]
}

function users(feature: FeatureDescription, uses: readonly ModelUse[], place: number): string {
  const { name } = feature
  const { splits, trees, meanContribution } = uses[place]!
  const rank = uses.filter((other) => other.meanContribution > meanContribution).length + 1
  const rules = rulesOn(name).map(({ rule_id }) => `[${rule_id}](../rules/${rule_id}.md)`)
  const madeOf = partsOf(feature).map(link)
  const goesInto = featureList.filter((other) => partsOf(other).includes(name)).map((other) => link(other.name))
  const looks = detectors.get(name) ?? []
  return table(
    ['', ''],
    [
      ['Rules', rules.join(', ') || 'none of the shipped ones'],
      [
        'Detectors',
        looks.map((detector) => `[${detector}](../../services/scorer/anomaly/detectors.json)`).join(', ') || 'none',
      ],
      ['Made of', madeOf.join(', ') || 'records alone'],
      ['Goes into', goesInto.join(', ') || 'no other feature'],
      [
        'Shipped model',
        splits === 0
          ? 'no split looks at it'
          : `${splits} splits in ${trees} of ${shippedModel.trees.roots.length} trees; moves the log-odds by ${figure(meanContribution)} in the mean, as number ${rank} of ${featureList.length}`,
      ],
    ],
  )
}

const shares = [0.05, 0.5, 0.95, 0.99] as const

/** By what payments were, the values of each feature, ascending. */
type Values = Readonly<Record<'genuine' | 'fraud', readonly Float64Array[]>>

function valuesOf(attempts: readonly Example[]): Values {
  const sorted = (among: readonly Example[]) => columnsOf(among).map((column) => column.sort())
  return {
    genuine: sorted(attempts.filter(({ truth }) => !truth.is_fraud)),
    fraud: sorted(attempts.filter(({ truth }) => truth.is_fraud)),
  }
}

function quantiles(values: Values, place: number): string {
  const rows = (['genuine', 'fraud'] as const).map((what) => {
    const column = values[what][place]!
    const at = (share: number): string => figure(column[Math.ceil(share * column.length) - 1]!)
    return [what, String(column.length), ...shares.map(at)]
  })
  return table(['', 'Payments', ...shares.map((share) => `${share * 100} % are at most`)], rows)
}

/** What tells the records of an example apart where their customers do not. */
const keyColumns: Readonly<Record<string, { readonly head: string; readonly cell: (example: Example) => string }>> = {
  instrument: { head: 'Instrument', cell: ({ tx }) => tx.instrument_token },
  account: { head: 'Account', cell: ({ tx }) => tx.account_id },
}
const customerColumn = { head: 'Customer', cell: ({ tx }: Example): string => tx.customer_id }

function exampleText(feature: FeatureDescription, place: number, worked: readonly Example[]): string {
  const { name, key } = feature
  const column = keyColumns[key] ?? customerColumn
  const parts = partsOf(feature)
  const head = [...recordHead, column.head, ...parts.map((part) => `\`${part}\``), `\`${name}\``, 'Truth']
  const rows = worked.map((example) => [
    ...recordCells(example),
    column.cell(example),
    ...parts.map((part) => figure(example.values[places.get(part)!]!)),
    figure(example.values[place]!),
    truthOf(example),
  ])
  const most = worked.reduce((best, one) => (one.values[place]! > best.values[place]! ? one : best))
  const said = reasonOf(operands[place]!, most.values[place]!, shippedModel.card.baselines[name]!, 'ordinary', 0).text
  return `Records of one ${key}, one after the other, with the value after each:\n\n${table(head, rows)}\nOf the highest an alert would say: “${said}”.`
}
