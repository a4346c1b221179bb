import { z } from 'zod'
import { ModelError, parseModel } from './model-error.ts'
import { TreeNodes } from './tree-nodes.ts'
import { missing, type Trees } from './trees.ts'

const numbers = z.array(z.number())
const flags = z.array(z.union([z.boolean(), z.literal([0, 1])]))

const tree = z.object({
  left_children: z.array(z.int()).min(1),
  right_children: z.array(z.int()),
  split_indices: z.array(z.int().min(0)),
  split_conditions: numbers,
  /** 0: by number, not by category. */
  split_type: z.array(z.literal(0)),
  default_left: flags,
  sum_hessian: z.array(z.number().positive()),
})
type XgboostTree = z.output<typeof tree>

/** A number as text, `5E-1`, since version 3 `[5E-1]`: the probability where the sums begin. */
const baseScore = z
  .string()
  .transform((text) => Number(text.replace(/^\[(.*)\]$/, '$1')))
  .refine((share) => share > 0 && share < 1, { error: 'expected one probability between 0 and 1' })

const saved = z.object({
  learner: z.object({
    feature_names: z.array(z.string()),
    learner_model_param: z.object({ base_score: baseScore }),
    objective: z.object({
      name: z.literal('binary:logistic'),
    }),
    gradient_booster: z.object({
      name: z.literal('gbtree'),
      model: z.object({ trees: z.array(tree) }),
    }),
  }),
})

/**
 * What XGBoost's `save_model` writes as JSON, parsed. It compares in single precision and goes left below a limit; here
 * the same rows go left up to the number before it. Throws ModelError with the place of each mistake.
 */
export function readXgboost(json: unknown): Trees {
  const { learner } = parseModel('a model of XGBoost', saved, json)
  const { feature_names: names, learner_model_param, gradient_booster } = learner
  const nodes = new TreeNodes()
  for (const [number, own] of gradient_booster.model.trees.entries()) {
    checkTree(own, number, names.length)
    nodes.beginTree()
    addNode(nodes, own, 0)
  }
  const share = learner_model_param.base_score
  return nodes.finish(names, Math.log(share / (1 - share)), 1)
}

function checkTree(own: XgboostTree, number: number, features: number): void {
  const size = own.left_children.length
  for (const [column, values] of Object.entries(own)) {
    if (values.length !== size) throw new ModelError(`tree ${number}: ${column} has ${values.length} of ${size} nodes`)
  }
  for (let node = 0; node < size; node++) {
    const [left, right] = [own.left_children[node]!, own.right_children[node]!]
    if (left < 0 && right < 0) continue
    const childrenFollow = left > node && right > node && left < size && right < size
    if (!childrenFollow) throw new ModelError(`tree ${number}: the children of node ${node} are ${left} and ${right}`)
    const feature = own.split_indices[node]!
    if (feature >= features) {
      throw new ModelError(
        `tree ${number}: node ${node} looks at feature ${feature}, but there are ${features} feature_names`,
      )
    }
  }
}

function addNode(nodes: TreeNodes, own: XgboostTree, node: number): number {
  const left = own.left_children[node]!
  const cover = own.sum_hessian[node]!
  const condition = Math.fround(own.split_conditions[node]!)
  if (left < 0) return nodes.leaf(condition, cover)
  const at = nodes.split({
    feature: own.split_indices[node]!,
    limit: singleBefore(condition),
    missing: own.default_left[node] ? missing.nanLeft : missing.nanRight,
    cover,
  })
  nodes.join(at, addNode(nodes, own, left), addNode(nodes, own, own.right_children[node]!))
  return at
}

const asFloat = new Float32Array(1)
const asBits = new Int32Array(asFloat.buffer)

/** The largest number of single precision below a finite one. */
function singleBefore(value: number): number {
  // Negative zero has bits of its own.
  asFloat[0] = value + 0
  if (value === 0) return -(2 ** -149)
  asBits[0]! += value > 0 ? -1 : 1
  return asFloat[0]!
}
