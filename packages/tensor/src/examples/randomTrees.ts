import { type Branch, type DecisionTree, encodeTree, treeLength } from '../program/encodeTree.ts'
import type { SumLayer, TreesLayer } from '../program/Layer.ts'
import type { Random } from './createRandom.ts'
import { divisorsOf, type LayerContext } from './randomContext.ts'

/** Makes trees over the source; now and then one of random bytes, which no encoder writes. */
export function randomTrees({ random, source, read, rows }: LayerContext): TreesLayer {
  const featureBytes = random.pick([1, 2] as const)
  const values = random.integer(1, 2)
  const features = Math.ceil((read.rows * read.rowBytes) / featureBytes)
  const trees = Array.from({ length: random.integer(1, rows) }, () =>
    randomTree(random, features, featureBytes, values),
  )
  const length = Math.max(...trees.map(treeLength))
  const encoded = trees.map((tree) =>
    random.uniform() < 0.1 ? randomBytes(random, length) : encodeTree(tree, length),
  )
  return { kind: 'trees', source, featureBytes, values, trees: encoded }
}

/** Makes a sum of all int32 of the source, whose rows hold whole ones. */
export function randomSum({ random, source, read, bytes }: LayerContext): SumLayer {
  const count = (read.rows * read.rowBytes) / 4
  const outputs = random.pick(divisorsOf(count, Math.max(1, Math.floor(bytes / 4))))
  const bias = Int32Array.from({ length: outputs }, () => random.uint32())
  return { kind: 'sum', source, outputs, bias }
}

function randomTree(
  random: Random,
  features: number,
  featureBytes: 1 | 2,
  values: number,
): DecisionTree {
  const [nodes, leaves] = [random.integer(0, 6), random.integer(1, 7)]
  const branch = (n: number): Branch =>
    n < nodes - 1 && random.uniform() < 0.7
      ? { node: random.integer(n + 1, nodes - 1) }
      : { leaf: random.integer(0, leaves - 1) }
  return {
    nodes: Array.from({ length: nodes }, (_, n) => ({
      feature: random.integer(0, random.uniform() < 0.9 ? features - 1 : features + 1),
      threshold: random.integer(0, 256 ** featureBytes - 1),
      below: branch(n),
      otherwise: branch(n),
    })),
    leaves: Array.from({ length: leaves }, () =>
      Array.from({ length: values }, () => random.uint32() | 0),
    ),
  }
}

/** A count and branches that are mostly small, so that a walk does not end at once. */
function randomBytes(random: Random, length: number): Uint8Array {
  return random
    .bytes(length)
    .map((byte, i) => (i % 2 === 0 && random.uniform() < 0.7 ? 0 : byte % 8))
}
