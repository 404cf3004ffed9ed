import type { TreeSpec } from './treeModels.ts'

export type BoostTreesParameters = {
  rows: readonly (readonly number[])[]
  targets: readonly number[]
  trees: number
  depth: number
}

type Samples = { rows: readonly (readonly number[])[]; residuals: number[] }

/** Fits trees to what is left of the targets, one after the other, by least squares. */
export function boostTrees({ rows, targets, trees, depth }: BoostTreesParameters): TreeSpec[] {
  const residuals = [...targets]
  return Array.from({ length: trees }, () => {
    const tree = grow({ rows, residuals }, depth)
    for (const [i, row] of rows.entries()) residuals[i]! -= leafOf(tree, row)
    return tree
  })
}

function grow({ rows, residuals }: Samples, depth: number): TreeSpec {
  const mean = residuals.reduce((a, b) => a + b, 0) / Math.max(residuals.length, 1)
  const best = depth === 0 ? undefined : bestSplit({ rows, residuals })
  if (best === undefined) return [Math.fround(0.2 * mean)]
  const { feature, value } = best
  const half = (isBelow: boolean): Samples => {
    const kept = rows.map((row) => row[feature]! <= value === isBelow)
    return { rows: rows.filter((_, i) => kept[i]), residuals: residuals.filter((_, i) => kept[i]) }
  }
  return { feature, value, yes: grow(half(true), depth - 1), no: grow(half(false), depth - 1) }
}

/** Tries a few quantiles of each feature. */
function bestSplit({ rows, residuals }: Samples) {
  let best: { feature: number; value: number; gain: number } | undefined
  const total = residuals.reduce((a, b) => a + b, 0)
  for (let feature = 0; feature < (rows[0]?.length ?? 0); feature += 1) {
    const sorted = rows.map((row) => row[feature]!).sort((a, b) => a - b)
    for (const part of [0.1, 0.25, 0.5, 0.75, 0.9]) {
      const value = sorted[Math.floor(part * sorted.length)]!
      let [sum, count] = [0, 0]
      for (const [i, row] of rows.entries()) {
        if (row[feature]! > value) continue
        sum += residuals[i]!
        count += 1
      }
      if (count < 10 || rows.length - count < 10) continue
      const gain = sum ** 2 / count + (total - sum) ** 2 / (rows.length - count)
      if (best === undefined || gain > best.gain) best = { feature, value, gain }
    }
  }
  return best
}

/** Returns what the first output of a tree is. */
export function leafOf(tree: TreeSpec, row: readonly number[]): number {
  if (!('feature' in tree)) return tree[0] ?? 0
  return leafOf(row[tree.feature]! <= tree.value ? tree.yes : tree.no, row)
}
