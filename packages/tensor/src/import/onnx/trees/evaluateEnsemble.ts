import { transformSums } from '../../transformSums.ts'
import type { Ensemble, Tree } from './Ensemble.ts'

/** Computes the scores of one input in floating point. */
export function evaluateEnsemble(ensemble: Ensemble, features: Float32Array): Float32Array {
  const sums = Float64Array.from(ensemble.base)
  for (const tree of ensemble.trees) {
    const leaf = tree.leaves[walk(tree, features)]!
    for (let output = 0; output < sums.length; output += 1) sums[output]! += leaf[output]!
  }
  return Float32Array.from(transformSums(sums, ensemble.transform))
}

function walk({ splits }: Tree, features: Float32Array): number {
  let at = 0
  while (at < splits.length) {
    const { feature, limit, atMost, above } = splits[at]!
    const way = features[feature]! <= limit ? atMost : above
    if ('leaf' in way) return way.leaf
    at = way.node
  }
  return 0
}
