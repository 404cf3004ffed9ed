import { type DecisionTree, encodeTree, treeLength } from '../../../program/encodeTree.ts'
import { createLayers } from '../../createLayers.ts'
import type { ImportedModel, ModelTensor } from '../../ImportedModel.ts'
import { refuse } from '../node.ts'
import type { Ensemble, Tree } from './Ensemble.ts'
import { rankThresholds } from './rankThresholds.ts'

/** Nodes and leaves of one tree at most. */
const maxNodes = 0x7fff

export type LowerEnsembleParameters = {
  ensemble: Ensemble
  input: Pick<ModelTensor, 'name' | 'shape'>
  /** Name of the scores. */
  output: string
}

/**
 * Makes a program of trees. A feature becomes its rank among the thresholds that any node compares it with, so every walk is
 * the model's own; leaves become whole numbers of a unit so small that their sums just fit 32 bits.
 */
export function lowerEnsemble(parameters: LowerEnsembleParameters): ImportedModel {
  const { ensemble, input, output } = parameters
  const { node, trees, base, transform } = ensemble
  const features = input.shape.at(-1)!
  const ranks = rankThresholds(ensemble, features)
  const shape = { rows: 1, rowBytes: features * ranks.bytes }
  const layers = createLayers(shape)
  const unit = unitOf(ensemble)
  const encoded = trees.map((tree) => encodableTree(ensemble, tree, ranks.thresholds, unit))
  const length = Math.max(...encoded.map(treeLength))
  layers.reserveBytes(length * trees.length)
  const values = base.length
  const walks = layers.add(
    {
      ...{ kind: 'trees', source: 0, featureBytes: ranks.bytes, values },
      trees: encoded.map((tree) => encodeTree(tree, length)),
    },
    { rows: trees.length, rowBytes: 4 * values },
  )
  const bias = Int32Array.from(base, (each) => Math.round(each / unit))
  const sums = layers.add(
    { kind: 'sum', source: walks.tensor, outputs: values, bias },
    { rows: 1, rowBytes: 4 * values },
  )
  const dims = [1, values]
  return {
    input: { name: input.name, shape: input.shape, type: 'FLOAT32', scale: 1, zeroPoint: 0, ranks },
    output: {
      ...{ name: output, shape: dims, type: 'FLOAT32', scale: unit, zeroPoint: 0 },
      sums: { transform },
    },
    operators: [
      { index: node.index, operator: node.label, shape: dims, type: 'INT32', tensor: sums.tensor },
    ],
    parameters: { input: shape, layers: layers.list },
    fidelity: { kind: 'fixed', unit, error: errorOf(ensemble, unit) },
  }
}

/** Returns the least power of two with which, as a unit, no sum leaves int32. */
function unitOf({ trees, base }: Ensemble): number {
  const largest = Array.from(base, (each, output) =>
    trees.reduce((sum, { leaves }) => {
      const own = leaves.reduce((most, leaf) => Math.max(most, Math.abs(leaf[output]!)), 0)
      return sum + own
    }, Math.abs(each)),
  )
  // Each of the summands is rounded up by half a unit at most.
  const room = 2 ** 31 - 1 - (trees.length + 1)
  const most = largest.reduce((a, b) => Math.max(a, b))
  if (most === 0) return 1
  const unit = 2 ** Math.ceil(Math.log2(most / room))
  // A logarithm may be rounded down to a whole number.
  return most / unit > room ? 2 * unit : unit
}

/** Returns by how much rounding to units can change a sum. */
function errorOf({ trees, base }: Ensemble, unit: number): number {
  const off = (value: number) => Math.abs(Math.round(value / unit) * unit - value)
  const errors = Array.from(base, (each, output) =>
    trees.reduce((sum, { leaves }) => {
      return sum + leaves.reduce((most, leaf) => Math.max(most, off(leaf[output]!)), 0)
    }, off(each)),
  )
  return errors.reduce((a, b) => Math.max(a, b))
}

function encodableTree(
  { node }: Ensemble,
  { splits, leaves }: Tree,
  thresholds: readonly (readonly number[])[],
  unit: number,
): DecisionTree {
  if (splits.length > maxNodes || leaves.length > maxNodes) {
    refuse(node, 'number of nodes in a tree', splits.length + leaves.length, `up to ${maxNodes}`)
  }
  return {
    nodes: splits.map(({ feature, limit, atMost, above }) => ({
      feature,
      // A value of at most the limit has no more thresholds below it than the limit itself.
      threshold: indexOf(thresholds[feature]!, limit) + 1,
      below: atMost,
      otherwise: above,
    })),
    leaves: leaves.map((leaf) => Array.from(leaf, (value) => Math.round(value / unit))),
  }
}

/** Finds a number in a sorted list that has it. */
function indexOf(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}
