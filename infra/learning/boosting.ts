import { Random, streamKey } from '#services/random.ts'
import { TreeNodes } from '#services/scorer/model/tree-nodes.ts'
import { missing, type Trees } from '#services/scorer/model/trees.ts'
import { type Binned, binned } from './binning.ts'
import { checkDataset, type Dataset, logOddsOf } from './dataset.ts'
import { type GrownTree, type GrowOptions, growTree } from './grow-tree.ts'
import type { Derivatives } from './histogram.ts'

export interface BoostingOptions extends GrowOptions {
  readonly trees: number
  /** The share of rows, and of features, that each tree sees. */
  readonly rowShare: number
  readonly featureShare: number
}

/** Chosen once, not searched for: a fixed detector, by which difficulty can be compared. */
export const defaultBoosting: BoostingOptions = {
  trees: 100,
  leaves: 15,
  learningRate: 0.1,
  rowsMin: 20,
  weightMin: 0.1,
  l2: 1,
  rowShare: 0.5,
  featureShare: 0.5,
}

/**
 * Trains gradient-boosted trees with logistic loss (Friedman, 2001; second order as in XGBoost, histograms and leaf-wise
 * growth as in LightGBM). The same dataset, options and seed give the same trees. Throws RangeError for a dataset that
 * cannot be learnt from.
 */
export function trainTrees(dataset: Dataset, options: BoostingOptions, seed: string): Trees {
  checkDataset(dataset)
  const data = binned(dataset)
  const base = logOddsOf(dataset.labels)
  const scores = new Float64Array(dataset.labels.length).fill(base)
  const chance = new Random()
  const key = streamKey(seed, 'boosting')
  const nodes = new TreeNodes()
  for (let tree = 0; tree < options.trees; tree++) {
    chance.at(key, tree, 0)
    const features = someFeatures(chance, dataset.names.length, options.featureShare)
    const rows = someRows(chance, scores.length, options.rowShare)
    const grown = growTree(data, derivativesOf(scores, dataset.labels), rows, features, options)
    for (let row = 0; row < scores.length; row++) scores[row]! += leafValue(grown, data, row)
    nodes.beginTree()
    addTree(nodes, grown, data)
  }
  return nodes.finish(dataset.names, base, 1)
}

function derivativesOf(scores: Float64Array, labels: Uint8Array): Derivatives {
  const gradients = new Float64Array(scores.length)
  const hessians = new Float64Array(scores.length)
  for (let row = 0; row < scores.length; row++) {
    const share = 1 / (1 + Math.exp(-scores[row]!))
    gradients[row] = share - labels[row]!
    hessians[row] = share * (1 - share)
  }
  return { gradients, hessians }
}

/** At least one, ascending. */
function someFeatures(chance: Random, count: number, share: number): number[] {
  const wanted = Math.max(1, Math.round(count * share))
  const taken: number[] = []
  for (let feature = 0; feature < count; feature++) {
    if (chance.chance((wanted - taken.length) / (count - feature))) taken.push(feature)
  }
  return taken
}

function someRows(chance: Random, count: number, share: number): Int32Array {
  const taken = new Int32Array(count)
  let length = 0
  for (let row = 0; row < count; row++) if (chance.chance(share)) taken[length++] = row
  return taken.subarray(0, length)
}

function leafValue(tree: GrownTree, { codes }: Binned, row: number): number {
  let node = tree
  while (!('value' in node)) node = codes[node.feature]![row]! <= node.bin ? node.left : node.right
  return node.value
}

function addTree(nodes: TreeNodes, node: GrownTree, data: Binned): number {
  if ('value' in node) return nodes.leaf(node.value, node.rows)
  const { feature, bin, rows: cover } = node
  const at = nodes.split({ feature, limit: data.limits[feature]![bin]!, missing: missing.asZero, cover })
  nodes.join(at, addTree(nodes, node.left, data), addTree(nodes, node.right, data))
  return at
}
