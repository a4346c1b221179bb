import { z } from 'zod'
import { ModelError, parseModel } from './model-error.ts'
import { TreeNodes } from './tree-nodes.ts'
import { missing, type Trees } from './trees.ts'

const leaf = z.object({ leaf_value: z.number(), leaf_count: z.number().positive().default(1) })

const split = z.object({
  split_feature: z.int().min(0),
  threshold: z.number(),
  decision_type: z.literal('<='),
  default_left: z.boolean(),
  missing_type: z.enum(['None', 'Zero', 'NaN']),
  internal_count: z.number().positive(),
  get left_child() {
    return node
  },
  get right_child() {
    return node
  },
})

type Node = z.output<typeof leaf> | z.output<typeof split>
const node: z.ZodType<Node> = z.lazy(() => z.union([split, leaf]))

const dump = z.object({
  /** One for two classes. */
  num_class: z.literal(1),
  num_tree_per_iteration: z.literal(1),
  objective: z.string().regex(/^binary sigmoid:[\d.]+$/, { error: 'expected the objective binary' }),
  /** True for a random forest. */
  average_output: z.literal(false),
  feature_names: z.array(z.string()),
  tree_info: z.array(z.object({ tree_structure: node })),
})

/** What LightGBM's `Booster.dump_model()` gives, as parsed JSON. Throws ModelError with the place of each mistake. */
export function readLightgbm(json: unknown): Trees {
  const { tree_info, feature_names, objective } = parseModel('a dump of LightGBM', dump, json)
  const nodes = new TreeNodes()
  for (const { tree_structure } of tree_info) {
    nodes.beginTree()
    addNode(nodes, tree_structure, feature_names.length)
  }
  return nodes.finish(feature_names, 0, Number(objective.split(':')[1]))
}

function addNode(nodes: TreeNodes, node: Node, features: number): number {
  if (!('split_feature' in node)) return nodes.leaf(node.leaf_value, node.leaf_count)
  const { split_feature: feature, threshold: limit, internal_count: cover } = node
  if (feature >= features) throw new ModelError(`split_feature ${feature}, but there are ${features} feature_names`)
  const at = nodes.split({ feature, limit, cover, missing: missingOf(node) })
  nodes.join(at, addNode(nodes, node.left_child, features), addNode(nodes, node.right_child, features))
  return at
}

function missingOf({ missing_type, default_left }: z.output<typeof split>): number {
  if (missing_type === 'None') return missing.asZero
  if (missing_type === 'NaN') return default_left ? missing.nanLeft : missing.nanRight
  return default_left ? missing.zeroLeft : missing.zeroRight
}
