import { floatsOf, integersOf, refuse, reject, textsOf } from '../node.ts'
import type { OnnxNode } from '../OnnxModel.ts'
import type { Split, Way } from './Ensemble.ts'

/** A tree's splits, and which of its nodes each leaf is. */
export type TreeShape = {
  splits: readonly Split[]
  /** Keys of the nodes that are leaves. */
  leaves: readonly string[]
}

/** Names a node by the numbers of its tree and of itself. */
export function keyOf(tree: number, node: number): string {
  return `${tree}:${node}`
}

type Listed = {
  tree: number
  feature: number
  value: number
  mode: string
  whenTrue: string
  whenFalse: string
}

/** Reads the trees of an ensemble, in the order of the file; nodes that no walk reaches are left out. */
export function readShapes(node: OnnxNode): TreeShape[] {
  const listed = listedNodes(node)
  const roots = new Map<number, string>()
  for (const [key, { tree }] of listed) if (!roots.has(tree)) roots.set(tree, key)
  return [...roots.values()].map((root) => readTree(node, listed, root))
}

function listedNodes(node: OnnxNode): Map<string, Listed> {
  for (const name of ['nodes_values_as_tensor', 'nodes_hitrates_as_tensor']) {
    if (node.attributes.has(name)) refuse(node, name, 'of float64', 'nodes_values of float32')
  }
  const trees = integersOf(node, 'nodes_treeids') ?? []
  const column = (name: string) => sized(node, name, integersOf(node, name) ?? [], trees.length)
  const [ids, features] = [column('nodes_nodeids'), column('nodes_featureids')]
  const [whenTrue, whenFalse] = [column('nodes_truenodeids'), column('nodes_falsenodeids')]
  const modes = sized(node, 'nodes_modes', textsOf(node, 'nodes_modes'), trees.length)
  const values = sized(node, 'nodes_values', floatsOf(node, 'nodes_values'), trees.length)
  const listed = new Map<string, Listed>()
  for (const [i, tree] of trees.entries()) {
    const key = keyOf(tree, ids[i]!)
    if (listed.has(key)) reject(node, `has node ${key} twice`)
    listed.set(key, {
      ...{ tree, feature: features[i]!, value: values[i]!, mode: modes[i]! },
      whenTrue: keyOf(tree, whenTrue[i]!),
      whenFalse: keyOf(tree, whenFalse[i]!),
    })
  }
  if (listed.size === 0) reject(node, 'has no trees')
  return listed
}

function sized<item>(node: OnnxNode, name: string, items: readonly item[], length: number) {
  if (items.length === length) return items
  return reject(node, `has ${items.length} ${name} for ${length} nodes`)
}

/** Numbers the splits and leaves of one tree so that each comes after the one that leads to it. */
function readTree(node: OnnxNode, listed: ReadonlyMap<string, Listed>, root: string): TreeShape {
  const open: Split[] = []
  const leaves: string[] = []
  const reached = new Set<string>()
  const stack: { key: string; arrive: (way: Way) => void }[] = [{ key: root, arrive: () => {} }]
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { key, arrive } = next
    const found = listed.get(key)
    if (found === undefined) return reject(node, `leads to node ${key}, which it does not have`)
    if (reached.has(key)) return reject(node, `leads to node ${key} twice`)
    reached.add(key)
    if (found.mode === 'LEAF') {
      arrive({ leaf: leaves.length })
      leaves.push(key)
      continue
    }
    const { isAtMostTrue, limit } = limitOf(node, found)
    const { whenTrue, whenFalse } = found
    const [atMost, above] = isAtMostTrue ? [whenTrue, whenFalse] : [whenFalse, whenTrue]
    if (!Number.isFinite(limit)) {
      // Every number goes the same way.
      stack.push({ key: limit > 0 ? atMost : above, arrive })
      continue
    }
    const split: Split = { feature: found.feature, limit, atMost: { leaf: 0 }, above: { leaf: 0 } }
    arrive({ node: open.length })
    open.push(split)
    stack.push({ key: above, arrive: (way) => Object.assign(split, { above: way }) })
    stack.push({ key: atMost, arrive: (way) => Object.assign(split, { atMost: way }) })
  }
  return { splits: open, leaves }
}

/** Says a comparison as one of at most a limit. */
function limitOf(node: OnnxNode, { mode, value, feature }: Listed) {
  if (Number.isNaN(value)) return reject(node, 'compares with what is no number')
  if (!(feature >= 0 && feature <= 0xffff)) {
    return refuse(node, 'a feature', feature, '0 to 65535')
  }
  switch (mode) {
    case 'BRANCH_LEQ':
      return { isAtMostTrue: true, limit: value }
    case 'BRANCH_LT':
      return { isAtMostTrue: true, limit: floatBelow(value) }
    case 'BRANCH_GT':
      return { isAtMostTrue: false, limit: value }
    case 'BRANCH_GTE':
      return { isAtMostTrue: false, limit: floatBelow(value) }
    default: {
      const supported = 'BRANCH_LEQ, BRANCH_LT, BRANCH_GT, BRANCH_GTE, LEAF'
      return refuse(node, 'mode of a node', mode, supported)
    }
  }
}

/** Returns the greatest float32 below another. */
function floatBelow(value: number): number {
  const bits = new DataView(new ArrayBuffer(4))
  // Zero has two codes; counting down begins at the negative one.
  bits.setFloat32(0, value === 0 ? -0 : value)
  if (value === Number.NEGATIVE_INFINITY) return value
  const code = bits.getUint32(0)
  bits.setUint32(0, value > 0 ? code - 1 : code + 1)
  return bits.getFloat32(0)
}
