import type { Ranks } from '../../ImportedModel.ts'
import { refuse, reject } from '../node.ts'
import type { Ensemble } from './Ensemble.ts'

/** Thresholds of one feature at most, so that ranks have 16 bits. */
const maxThresholds = 0xffff

/** Lists the thresholds that any node compares each feature with, in ascending order. */
export function rankThresholds({ node, trees }: Ensemble, features: number): Ranks {
  const sets = Array.from({ length: features }, () => new Set<number>())
  for (const { splits } of trees) {
    for (const { feature, limit } of splits) {
      const set = sets[feature]
      if (set === undefined) return reject(node, `reads feature ${feature} of ${features}`)
      set.add(limit)
    }
  }
  const thresholds = sets.map((set) => [...set].sort((a, b) => a - b))
  const most = thresholds.reduce((max, { length }) => Math.max(max, length), 0)
  if (most > maxThresholds) {
    refuse(node, 'number of thresholds of a feature', most, `up to ${maxThresholds}`)
  }
  return { bytes: most > 0xff ? 2 : 1, thresholds }
}
