import { buildModel, elementTypes, type NodeSpec } from './buildModel.ts'

/** A leaf with a score for each output, undefined for none; or a comparison and where it leads. */
export type TreeSpec =
  | readonly (number | undefined)[]
  | { feature: number; mode?: string; value: number; yes: TreeSpec; no: TreeSpec }

export type TreesSpec = {
  features: number
  trees: readonly TreeSpec[]
  /** Outputs of a regressor, or labels of a classifier. */
  outputs: number
  isClassifier?: boolean
  transform?: string
  aggregate?: string
  base?: readonly number[]
  /** Changes the columns of the operator before they are written. */
  change?: (columns: Columns) => void
  /** Nodes after the trees. */
  behind?: readonly NodeSpec[]
}

type Columns = {
  trees: number[]
  ids: number[]
  features: number[]
  values: number[]
  modes: string[]
  yes: number[]
  no: number[]
  scores: { tree: number; id: number; output: number; weight: number }[]
}

/** Encodes trees as a model of one operator. */
export function buildTrees(spec: TreesSpec): Uint8Array {
  const { outputs, isClassifier = false, features } = spec
  const prefix = isClassifier ? 'class' : 'target'
  const columns = columnsOf(spec.trees)
  spec.change?.(columns)
  const { scores } = columns
  const labels = Array.from({ length: outputs }, (_, i) => i)
  const attributes = {
    ...{ nodes_treeids: columns.trees, nodes_nodeids: columns.ids },
    ...{ nodes_featureids: columns.features, nodes_values: { floats: columns.values } },
    ...{ nodes_modes: columns.modes, nodes_truenodeids: columns.yes },
    nodes_falsenodeids: columns.no,
    [`${prefix}_treeids`]: scores.map(({ tree }) => tree),
    [`${prefix}_nodeids`]: scores.map(({ id }) => id),
    [`${prefix}_ids`]: scores.map(({ output }) => output),
    [`${prefix}_weights`]: { floats: scores.map(({ weight }) => weight) },
    ...(isClassifier ? { classlabels_int64s: labels } : { n_targets: outputs }),
    ...(spec.transform === undefined ? {} : { post_transform: spec.transform }),
    ...(spec.aggregate === undefined ? {} : { aggregate_function: spec.aggregate }),
    ...(spec.base === undefined ? {} : { base_values: { floats: spec.base } }),
  }
  const operator = isClassifier ? 'TreeEnsembleClassifier' : 'TreeEnsembleRegressor'
  const names = isClassifier ? ['label', 'scores'] : ['scores']
  const label = { name: 'label', dims: ['n'], type: elementTypes.int64 }
  const end = { name: 'scores', dims: ['n', outputs] }
  return buildModel({
    inputs: [{ name: 'x', dims: ['n', features] }],
    outputs: isClassifier ? [label, end] : [end],
    nodes: [
      { operator, domain: 'ai.onnx.ml', inputs: ['x'], outputs: names, attributes },
      ...(spec.behind ?? []),
    ],
  })
}

function columnsOf(trees: readonly TreeSpec[]): Columns {
  const columns: Columns = {
    ...{ trees: [], ids: [], features: [], values: [], modes: [], yes: [], no: [], scores: [] },
  }
  for (const [tree, root] of trees.entries()) {
    const start = columns.ids.length
    addNode(columns, tree, start, root)
  }
  return columns
}

/** Appends a node and those below it; returns its number in its tree. */
function addNode(columns: Columns, tree: number, start: number, spec: TreeSpec): number {
  const place = columns.ids.length
  const id = place - start
  const isLeaf = !('feature' in spec)
  columns.trees.push(tree)
  columns.ids.push(id)
  columns.features.push(isLeaf ? 0 : spec.feature)
  columns.values.push(isLeaf ? 0 : spec.value)
  columns.modes.push(isLeaf ? 'LEAF' : (spec.mode ?? 'BRANCH_LEQ'))
  columns.yes.push(0)
  columns.no.push(0)
  if (isLeaf) {
    for (const [output, weight] of spec.entries()) {
      if (weight !== undefined) columns.scores.push({ tree, id, output, weight })
    }
    return id
  }
  columns.yes[place] = addNode(columns, tree, start, spec.yes)
  columns.no[place] = addNode(columns, tree, start, spec.no)
  return id
}

/** Returns a tree that splits evenly at random thresholds. */
export function randomTree(
  random: () => number,
  { depth, features, leaf }: { depth: number; features: number; leaf: () => TreeSpec },
): TreeSpec {
  if (depth === 0) return leaf()
  const modes = ['BRANCH_LEQ', 'BRANCH_LT', 'BRANCH_GT', 'BRANCH_GTE']
  const down = { depth: depth - 1, features, leaf }
  return {
    feature: Math.floor(random() * features),
    mode: modes[Math.floor(random() * modes.length)]!,
    // Coarse, so that inputs meet thresholds.
    value: Math.round(random() * 16) / 8 - 1,
    yes: randomTree(random, down),
    no: randomTree(random, down),
  }
}
