import { expect, test } from 'vitest'

import { composeProgram } from '../../../program/composeProgram.ts'
import { encodeElements } from '../../elements.ts'
import { ElementError, ModelFileError, UnsupportedOperatorError } from '../../errors.ts'
import { openOnnx } from '../openOnnx.ts'
import { numbers } from '../testing/buildModel.ts'
import { runProgram, runRuntime } from '../testing/runOnnx.ts'
import { buildTrees, randomTree, type TreeSpec, type TreesSpec } from '../testing/treeModels.ts'

function randomOf(seed: number) {
  const list = numbers([4096], seed)
  let i = 0
  return () => (list[i++ % list.length]! + 1) / 2
}

/** Features in eighths, as thresholds are, so that many meet one. */
function inputsOf(features: number, count: number) {
  return Array.from({ length: count }, (_, i) =>
    numbers([features], 77 + i).map((x) => (i % 2 === 0 ? x : Math.round(x * 8) / 8)),
  )
}

function treesOf(seed: number, count: number, leaf: (random: () => number) => TreeSpec) {
  const random = randomOf(seed)
  return Array.from({ length: count }, () =>
    randomTree(random, { depth: 5, features: 6, leaf: () => leaf(random) }),
  )
}

const mixed = (outputs: number) => (random: () => number) =>
  Array.from({ length: outputs }, () => Math.fround(random() - 0.5))
const positive = (outputs: number) => (random: () => number) =>
  Array.from({ length: outputs }, () => Math.fround(random() / 20))
/** One class a leaf, as exporters of boosted trees write them. */
const scattered = (outputs: number) => (random: () => number) => {
  const own = Math.floor(random() * outputs)
  return Array.from({ length: outputs }, (_, i) => (i === own ? Math.fround(random()) : undefined))
}

const ensembles: [string, TreesSpec][] = [
  ['a regressor', { features: 6, outputs: 1, trees: treesOf(1, 12, mixed(1)) }],
  ['a base', { features: 6, outputs: 1, trees: treesOf(2, 12, mixed(1)), base: [3.5] }],
  ['an average', { features: 6, outputs: 1, trees: treesOf(3, 7, mixed(1)), aggregate: 'AVERAGE' }],
  ['targets', { features: 6, outputs: 3, trees: treesOf(4, 9, mixed(3)), base: [1, -2, 100] }],
  [
    'targets by LOGISTIC',
    { features: 6, outputs: 2, trees: treesOf(5, 9, mixed(2)), transform: 'LOGISTIC' },
  ],
  [
    'a boosted classifier of two',
    {
      features: 6,
      outputs: 2,
      isClassifier: true,
      trees: treesOf(6, 15, mixed(1)),
      transform: 'LOGISTIC',
    },
  ],
  [
    'one with a base',
    {
      features: 6,
      outputs: 2,
      isClassifier: true,
      trees: treesOf(7, 15, mixed(1)),
      transform: 'LOGISTIC',
      base: [0.25],
    },
  ],
  [
    'scores of two',
    { features: 6, outputs: 2, isClassifier: true, trees: treesOf(8, 15, mixed(1)) },
  ],
  [
    'positive scores of two',
    { features: 6, outputs: 2, isClassifier: true, trees: treesOf(9, 15, positive(1)) },
  ],
  [
    'a forest of two',
    { features: 6, outputs: 2, isClassifier: true, trees: treesOf(10, 15, positive(2)) },
  ],
  [
    'a forest of four',
    { features: 6, outputs: 4, isClassifier: true, trees: treesOf(11, 15, positive(4)) },
  ],
  [
    'classes by SOFTMAX',
    {
      features: 6,
      outputs: 5,
      isClassifier: true,
      trees: treesOf(12, 20, scattered(5)),
      transform: 'SOFTMAX',
    },
  ],
  [
    'classes by LOGISTIC with bases',
    {
      features: 6,
      outputs: 3,
      isClassifier: true,
      trees: treesOf(13, 20, scattered(3)),
      transform: 'LOGISTIC',
      base: [1, 2, -3],
    },
  ],
  ['a lone leaf', { features: 6, outputs: 1, trees: [[0.5], [0.25]] }],
]

test.each(ensembles)('behavior: %s has the scores of onnxruntime', async (_, spec) => {
  const bytes = buildTrees(spec)
  const file = openOnnx(bytes)
  const model = file.toProgram()
  const inputs = inputsOf(6, 60)
  const own = runProgram(model, inputs)
  const theirs = await runRuntime(bytes, model, inputs)
  expect(new Set(theirs.map(String)).size).toBeGreaterThan(spec.trees.length > 2 ? 5 : 0)
  for (const [i, list] of theirs.entries()) {
    const evaluated = file.evaluate(Float32Array.from(inputs[i]!))
    for (const [k, score] of list.entries()) {
      // onnxruntime adds in float32.
      expect(own[i]![k]).toBeCloseTo(score, 4)
      expect(evaluated[k]).toBeCloseTo(score, 4)
    }
  }
})

test('behavior: sums are off by no more than is said', () => {
  const file = openOnnx(buildTrees({ features: 6, outputs: 1, trees: treesOf(1, 12, mixed(1)) }))
  const model = file.toProgram()
  const { fidelity } = model
  if (fidelity.kind !== 'fixed') throw new Error(fidelity.kind)
  expect(fidelity.error).toBeLessThan(1e-7)
  for (const input of inputsOf(6, 40)) {
    const [sum = 0] = runProgram(model, [input])[0]!
    const [real = 0] = file.evaluate(Float32Array.from(input))
    // Both come as float32.
    expect(Math.abs(sum - real)).toBeLessThanOrEqual(fidelity.error + 2 ** -23)
  }
})

test('behavior: features that need more than 255 thresholds get ranks of two bytes', async () => {
  const stump = (i: number): TreeSpec => ({
    feature: i % 2,
    value: i / 512 - 0.5,
    yes: [1],
    no: [-1],
  })
  const bytes = buildTrees({
    ...{ features: 2, outputs: 1 },
    trees: Array.from({ length: 600 }, (_, i) => stump(i)),
  })
  const model = openOnnx(bytes).toProgram()
  expect(model.input.ranks?.bytes).toBe(2)
  expect(composeProgram(model.parameters).operators[0]).toMatchObject({ rows: 1, rowBytes: 4 })
  const inputs = inputsOf(2, 30)
  expect(runProgram(model, inputs)).toEqual(await runRuntime(bytes, model, inputs))
})

test('behavior: labels and maps of scores behind trees are left out', () => {
  const spec: TreesSpec = {
    features: 6,
    outputs: 2,
    isClassifier: true,
    trees: treesOf(10, 5, positive(2)),
  }
  const map = { operator: 'ZipMap', domain: 'ai.onnx.ml', inputs: ['scores'], outputs: ['map'] }
  const cast = { operator: 'Cast', inputs: ['label'], outputs: ['text'], attributes: { to: 7 } }
  const plain = openOnnx(buildTrees(spec)).toProgram()
  expect(openOnnx(buildTrees({ ...spec, behind: [map, cast] })).toProgram()).toEqual(plain)
})

test('behavior: infinite thresholds lead one way', async () => {
  const far = (value: number, mode: string): TreeSpec => ({
    ...{ feature: 0, value, mode },
    yes: { feature: 0, value: 0, yes: [1], no: [2] },
    no: { feature: 0, value: 0.5, yes: [4], no: [8] },
  })
  for (const value of [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    for (const mode of ['BRANCH_LEQ', 'BRANCH_LT', 'BRANCH_GT', 'BRANCH_GTE']) {
      const bytes = buildTrees({ features: 1, outputs: 1, trees: [far(value, mode)] })
      const model = openOnnx(bytes).toProgram()
      const inputs = [[-1], [0], [0.25], [0.5], [1]]
      expect(runProgram(model, inputs)).toEqual(await runRuntime(bytes, model, inputs))
    }
  }
})

test('error: features that are no finite numbers', () => {
  const { input } = openOnnx(buildTrees(ensembles[0]![1])).toProgram()
  for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY]) {
    const features = new Uint8Array(Float32Array.of(0, 0, wrong, 0, 0, 0).buffer)
    expect(() => encodeElements(input, features)).toThrow(ElementError)
    expect(() => encodeElements(input, features)).toThrow(expect.objectContaining({ index: 2 }))
  }
})

const stump: TreeSpec = { feature: 0, value: 0, yes: [1], no: [2] }
const plain: TreesSpec = { features: 1, outputs: 1, trees: [stump] }
const two = { features: 1, outputs: 2, isClassifier: true } as const

test.each<[string, TreesSpec]>([
  ['mode of a node', { ...plain, trees: [{ ...stump, mode: 'BRANCH_EQ' } as TreeSpec] }],
  ['aggregate_function', { ...plain, aggregate: 'MIN' }],
  ['post_transform', { ...plain, transform: 'PROBIT' }],
  ['post_transform', { ...plain, transform: 'LOGISTIC' }],
  ['post_transform', { ...two, trees: [stump], transform: 'LOGISTIC' }],
  ['number of its base_values', { ...two, trees: [stump], base: [1, 2] }],
  ['scores of output 1', { ...two, trees: [{ ...stump, no: [undefined, 1] } as TreeSpec] }],
  ['number of its base_values', { ...plain, base: [1, 2] }],
  ['a weight', { ...plain, trees: [[Number.NaN]] }],
  ['a feature', { ...plain, trees: [{ ...stump, feature: 70_000 } as TreeSpec] }],
])('error: refuses %s (%#)', (subject, spec) => {
  const open = () => openOnnx(buildTrees(spec)).toProgram()
  expect(open).toThrow(UnsupportedOperatorError)
  expect(open).toThrow(expect.objectContaining({ subject }))
})

test.each<[string, TreesSpec]>([
  ['a cycle', { ...plain, change: ({ yes }) => yes.fill(0) }],
  ['a node that two lead to', { ...plain, change: ({ yes, no }) => (no[0] = yes[0]!) }],
  ['a node that is not there', { ...plain, change: ({ no }) => (no[0] = 9) }],
  ['a node twice', { ...plain, change: ({ ids }) => (ids[2] = 1) }],
  ['columns of two lengths', { ...plain, change: ({ values }) => values.pop() }],
  [
    'a threshold that is no number',
    { ...plain, trees: [{ ...stump, value: Number.NaN } as TreeSpec] },
  ],
  ['a feature that the input lacks', { ...plain, trees: [{ ...stump, feature: 3 } as TreeSpec] }],
  ['an output that is not there', { ...plain, trees: [[1, 2]] }],
  ['no trees', { ...plain, trees: [] }],
])('error: rejects %s', (_, spec) => {
  expect(() => openOnnx(buildTrees(spec)).toProgram()).toThrow(ModelFileError)
})
