import type { Transform } from '../../ImportedModel.ts'
import { limits, needWithin } from '../limits.ts'
import { floatsOf, integerOf, integersOf, refuse, reject, textOf, textsOf } from '../node.ts'
import type { OnnxNode } from '../OnnxModel.ts'
import type { Ensemble, Tree } from './Ensemble.ts'
import { keyOf, readShapes, type TreeShape } from './readShape.ts'

/** Names of the operators, with their domain. */
export const classifier = 'ai.onnx.ml.TreeEnsembleClassifier'
export const regressor = 'ai.onnx.ml.TreeEnsembleRegressor'
export const treeOperators = [classifier, regressor]

/** What leaves add to outputs, before signs and counts are applied. */
type Scores = {
  shapes: readonly TreeShape[]
  outputs: number
  /** For each leaf that has some, pairs of output and weight. */
  weights: ReadonlyMap<string, readonly { output: number; weight: number }[]>
  base: readonly number[]
  transform: string
}

/** Reads a TreeEnsembleClassifier or TreeEnsembleRegressor; refuses what onnxruntime computes in ways of its own. */
export function readEnsemble(node: OnnxNode): Ensemble {
  return node.operator === classifier ? readClassifier(node) : readRegressor(node)
}

function readRegressor(node: OnnxNode): Ensemble {
  const aggregate = textOf(node, 'aggregate_function', 'SUM')
  if (aggregate !== 'SUM' && aggregate !== 'AVERAGE') {
    refuse(node, 'aggregate_function', aggregate, 'SUM or AVERAGE')
  }
  const scores = readScores(node, 'target', integerOf(node, 'n_targets', 1))
  const { outputs, base, shapes } = scores
  if (outputs === 1 && scores.transform !== 'NONE') {
    refuse(node, 'post_transform', `${scores.transform} of one target`, 'NONE')
  }
  needBase(node, scores, [0, outputs])
  for (let output = 0; outputs > 1 && base.length > 0 && output < outputs; output += 1) {
    needScore(node, scores, output)
  }
  const count = aggregate === 'AVERAGE' ? shapes.length : 1
  return ensembleOf(node, scores, (weights) => weights.map((weight) => weight / count))
}

function readClassifier(node: OnnxNode): Ensemble {
  const integers = integersOf(node, 'classlabels_int64s') ?? []
  const labels = Math.max(integers.length, textsOf(node, 'classlabels_strings').length)
  const scores = readScores(node, 'class', labels)
  const { outputs, transform, base } = scores
  if (outputs === 1 && transform !== 'NONE') {
    refuse(node, 'post_transform', `${transform} of one class`, 'NONE')
  }
  if (outputs === 2 && isOneColumn(scores)) return readBinary(node, scores)
  if (outputs === 2) {
    needBase(node, scores, [0])
    needScore(node, scores, 1)
  }
  needBase(node, scores, [0, outputs])
  return ensembleOf(node, { ...scores, base }, (weights) => weights)
}

/** Two classes by one score: that of the second follows from it. */
function readBinary(node: OnnxNode, scores: Scores): Ensemble {
  needBase(node, scores, [0, 1])
  const { transform, base, weights } = scores
  const all = [...weights.values()].flat()
  const isPositive = all.every(({ weight }) => weight >= 0)
  const supported = isPositive ? ['NONE'] : ['NONE', 'LOGISTIC']
  if (!supported.includes(transform)) {
    refuse(node, 'post_transform', `${transform} of one score`, supported.join(' or '))
  }
  const [start = 0] = base
  const complement = isPositive ? 1 : 0
  const both = { ...scores, base: [complement - start, start] }
  return ensembleOf(node, both, ([score = 0]) => Float64Array.of(-score, score))
}

function isOneColumn({ weights }: Scores): boolean {
  return [...weights.values()].every((each) => each.every(({ output }) => output === 0))
}

function readScores(node: OnnxNode, prefix: 'class' | 'target', outputs: number): Scores {
  const [plural, base] = [`${prefix}_weights`, 'base_values']
  for (const name of [`${plural}_as_tensor`, `${base}_as_tensor`]) {
    if (node.attributes.has(name)) refuse(node, name, 'of float64', 'float32')
  }
  if (!(outputs >= 1 && outputs <= 0xffff)) {
    refuse(node, `number of its outputs`, outputs, '1 to 65535')
  }
  const transform = textOf(node, 'post_transform', 'NONE')
  if (!['NONE', 'LOGISTIC', 'SOFTMAX'].includes(transform)) {
    refuse(node, 'post_transform', transform, 'NONE, LOGISTIC or SOFTMAX')
  }
  const trees = integersOf(node, `${prefix}_treeids`) ?? []
  const ids = integersOf(node, `${prefix}_nodeids`) ?? []
  const targets = integersOf(node, `${prefix}_ids`) ?? []
  const values = floatsOf(node, plural)
  if ([ids, targets, values].some(({ length }) => length !== trees.length)) {
    reject(node, `has ${values.length} weights for ${trees.length} leaves`)
  }
  const weights = new Map<string, { output: number; weight: number }[]>()
  for (const [i, tree] of trees.entries()) {
    const [output, weight] = [targets[i]!, values[i]!]
    if (!(output >= 0 && output < outputs)) reject(node, `adds to output ${output} of ${outputs}`)
    if (!Number.isFinite(weight)) refuse(node, 'a weight', weight, 'a finite number')
    const key = keyOf(tree, ids[i]!)
    const list = weights.get(key) ?? []
    list.push({ output, weight })
    weights.set(key, list)
  }
  return { shapes: readShapes(node), outputs, weights, base: floatsOf(node, base), transform }
}

function needBase(node: OnnxNode, { base }: Scores, lengths: readonly number[]) {
  if (!lengths.includes(base.length) || !base.every(Number.isFinite)) {
    refuse(node, 'number of its base_values', base.length, [...new Set(lengths)].join(' or '))
  }
}

/** Where no leaf that is reached has a score for an output, onnxruntime means another than zero. */
function needScore(node: OnnxNode, { shapes, weights }: Scores, output: number) {
  const hasScore = (key: string) => weights.get(key)?.some((each) => each.output === output)
  if (shapes.some(({ leaves }) => leaves.every(hasScore))) return
  refuse(node, `scores of output ${output}`, 'left out by leaves', 'one for every leaf of a tree')
}

function ensembleOf(
  node: OnnxNode,
  { shapes, outputs, weights, base, transform }: Scores,
  spread: (weights: Float64Array) => Float64Array,
): Ensemble {
  const leaves = shapes.reduce((sum, shape) => sum + shape.leaves.length, 0)
  needWithin('values of leaves', leaves * outputs, limits.elements)
  const trees = shapes.map((shape): Tree => {
    const values = shape.leaves.map((key) => {
      const sums = new Float64Array(outputs)
      for (const { output, weight } of weights.get(key) ?? []) sums[output]! += weight
      return spread(sums)
    })
    return { splits: shape.splits, leaves: values }
  })
  const start = Float64Array.from({ length: outputs }, (_, i) => base[i] ?? 0)
  return { node, trees, base: start, transform: transform as Transform }
}
