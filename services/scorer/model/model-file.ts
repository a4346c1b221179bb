import { z } from 'zod'
import { ModelError, parseModel } from './model-error.ts'
import { missing, type Trees } from './trees.ts'

const whole = z.array(z.int())
const numbers = z.array(z.number())

/** What somebody must know of a model before they use it. */
const cardSchema = z.strictObject({
  /** Seed and size of the simulated world that it was trained on. */
  data: z.strictObject({
    seed: z.string(),
    customers: z.int(),
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    fraudRate: z.number(),
    rows: z.int(),
    /** Rows that had been reported as fraud by the cut, and what was fraud in truth. */
    reported: z.int(),
    frauds: z.int(),
  }),
  /** Simulated time at which training took place: it knows no report after it. */
  cut: z.iso.datetime(),
  training: z.record(z.string(), z.number()),
  /** On the days after the cut. */
  metrics: z.record(z.string(), z.number().nullable()),
  /** Of each feature the median among the training payments that nobody had reported: what alerts call ordinary. */
  baselines: z.record(z.string(), z.number()),
  /** Scores from which on these shares of the genuine payments after the cut are disturbed. */
  thresholds: z.array(z.strictObject({ falseAlarms: z.number(), score: z.number() })),
  /** Version of the feature list; another one may mean other values by the same names. */
  featureListVersion: z.int(),
})

const fileSchema = z.strictObject({
  format: z.literal('rupeestream-trees-1'),
  card: cardSchema,
  names: z.array(z.string()).min(1),
  base: z.number(),
  slope: z.number().positive(),
  roots: whole,
  feature: whole,
  value: numbers,
  left: whole,
  right: whole,
  missing: z.array(
    z
      .int()
      .min(0)
      .max(Math.max(...Object.values(missing))),
  ),
  cover: z.array(z.number().positive()),
})

export type ModelCard = z.output<typeof cardSchema>

export interface Model {
  readonly card: ModelCard
  readonly trees: Trees
}

/** A model file, parsed. Throws ModelError with the place of each mistake. */
export function readModel(json: unknown): Model {
  const { format, card, roots, feature, value, left, right, missing, cover, ...rest } = parseModel(
    'a model file',
    fileSchema,
    json,
  )
  const trees = {
    ...rest,
    roots: Int32Array.from(roots),
    feature: Int32Array.from(feature),
    value: Float64Array.from(value),
    left: Int32Array.from(left),
    right: Int32Array.from(right),
    missing: Uint8Array.from(missing),
    cover: Float64Array.from(cover),
  }
  checkColumns(trees)
  checkNodes(trees)
  return { card, trees }
}

/** The file as text: a column a line. */
export function writeModel({ card, trees }: Model): string {
  const { names, base, slope, ...columns } = trees
  const fields = { format: 'rupeestream-trees-1', card, names, base, slope }
  const entries = [
    ...Object.entries(fields),
    ...Object.entries(columns).map(([name, column]) => [name, Array.from(column)] as const),
  ]
  return `{\n${entries.map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`).join(',\n')}\n}\n`
}

function checkColumns(trees: Trees): void {
  const nodes = trees.feature.length
  for (const column of ['value', 'left', 'right', 'missing', 'cover'] as const) {
    const { length } = trees[column]
    if (length !== nodes) throw new ModelError(`${column}: expected ${nodes} numbers, one a node, came ${length}`)
  }
  for (const [tree, root] of trees.roots.entries()) {
    if (root < 0 || root >= nodes) throw new ModelError(`roots[${tree}]: expected 0 to ${nodes - 1}, came ${root}`)
  }
}

/** Children come after their parents, so that no walk down a tree goes round in a circle. */
function checkNodes({ feature, left, right, names }: Trees): void {
  for (const [node, own] of feature.entries()) {
    if (own < -1 || own >= names.length) {
      throw new ModelError(`feature[${node}]: expected -1 to ${names.length - 1}, came ${own}`)
    }
    if (own === -1) continue
    for (const [side, child] of [
      ['left', left[node]!],
      ['right', right[node]!],
    ] as const) {
      if (child <= node || child >= feature.length) {
        throw new ModelError(`${side}[${node}]: expected ${node + 1} to ${feature.length - 1}, came ${child}`)
      }
    }
  }
}
