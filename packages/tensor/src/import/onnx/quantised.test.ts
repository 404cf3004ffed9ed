import { expect, test } from 'vitest'

import { UnsupportedOperatorError } from '../errors.ts'
import type { ImportedModel } from '../ImportedModel.ts'
import { openOnnx } from './openOnnx.ts'
import {
  buildModel,
  type ConstantSpec,
  elementTypes,
  type ModelSpec,
  type NodeSpec,
  numbers,
} from './testing/buildModel.ts'
import { runProgram, runRuntime } from './testing/runOnnx.ts'

type Kind = 'int8' | 'uint8'

/** Integers of a type, or from one bound to the other. */
function integers(dims: readonly number[], seed: number, low: number, high: number): number[] {
  return numbers(dims, seed).map((x) => Math.round(((x + 1) / 2) * (high - low) + low))
}

function weights(dims: readonly number[], seed: number): ConstantSpec {
  return { dims, int8: integers(dims, seed, -127, 127) }
}

/** Scale and zero point of an activation, as constants `<name>s` and `<name>z`. */
function coding(name: string, scale: number, zero: number, kind: Kind) {
  const point = kind === 'int8' ? { dims: [], int8: [zero] } : { dims: [], uint8: [zero] }
  return { [`${name}s`]: { dims: [], floats: [Math.fround(scale)] }, [`${name}z`]: point }
}

function node(operator: string, inputs: string, outputs: string, rest: Partial<NodeSpec> = {}) {
  return { operator, inputs: inputs.split(' '), outputs: [outputs], ...rest }
}

type Case = Omit<ModelSpec, 'inputs' | 'outputs'> & {
  dims: readonly number[]
  kind?: Kind
  fidelity?: ImportedModel['fidelity']['kind']
  /** Part of elements that may differ by one, where that is reported. */
  part?: number
}

const microsoft = { domain: 'com.microsoft' }
const pads = { attributes: { pads: [1, 1, 1, 1] } }
const image = [1, 4, 8, 8] as const

/** A product whose factor has few enough bits for every channel. */
const conv = (seed: number, kind: Kind, outputZero: number) => ({
  ...coding('x', 0.0123, kind === 'int8' ? -7 : 119, kind),
  ...coding('y', 0.043, outputZero, kind),
  w: weights([6, 4, 3, 3], seed),
  ws: { dims: [6], floats: [0.007, 0.011, 0.02, 0.005, 0.009, 0.013].map(Math.fround) },
  wz: { dims: [6], int8: [0, 0, 0, 0, 0, 0] },
  b: { dims: [6], int32: integers([6], seed + 1, -9000, 9000) },
})

const cases: Record<string, Case> = {
  'QLinearConv of uint8': {
    ...{ dims: image, kind: 'uint8', constants: conv(1, 'uint8', 128), fidelity: 'rounded' },
    nodes: [node('QLinearConv', 'x xs xz w ws wz ys yz b', 'y', pads)],
  },
  'QLinearConv of int8': {
    ...{ dims: image, constants: conv(2, 'int8', -3), fidelity: 'rounded' },
    nodes: [node('QLinearConv', 'x xs xz w ws wz ys yz b', 'y', pads)],
  },
  'QLinearConv, coarse': {
    ...{ dims: image, fidelity: 'exact' },
    constants: { ...conv(2, 'int8', -128), ...coding('y', 0.01131, -128, 'int8') },
    nodes: [node('QLinearConv', 'x xs xz w ws wz ys yz b', 'y', pads)],
  },
  QLinearMatMul: {
    ...{ dims: [3, 16], kind: 'uint8', fidelity: 'exact' },
    constants: {
      ...{ ...coding('x', 0.02, 100, 'uint8'), ...coding('y', 0.031, 130, 'uint8') },
      ...{ w: weights([16, 5], 3), ...coding('w', 0.012, 0, 'int8') },
    },
    nodes: [node('QLinearMatMul', 'x xs xz w ws wz ys yz', 'y')],
  },
  'QLinearMatMul by columns': {
    ...{ dims: [1, 16], fidelity: 'exact' },
    constants: {
      ...{
        ...coding('x', 0.02, -9, 'int8'),
        ...coding('y', 0.031, 30, 'int8'),
        w: weights([16, 3], 4),
      },
      ws: { dims: [3], floats: [0.01, 0.02, 0.03] },
      wz: { dims: [3], int8: [0, 0, 0] },
    },
    nodes: [node('QLinearMatMul', 'x xs xz w ws wz ys yz', 'y')],
  },
  QGemm: {
    ...{ dims: [1, 16], kind: 'uint8', fidelity: 'exact' },
    constants: {
      ...{ ...coding('x', 0.02, 100, 'uint8'), ...coding('y', 0.05, 130, 'uint8') },
      ...{ w: weights([5, 16], 3), ...coding('w', 0.012, 0, 'int8') },
      b: { dims: [5], int32: [1000, -1000, 20, 0, 3] },
    },
    nodes: [
      node('QGemm', 'x xs xz w ws wz b ys yz', 'y', { ...microsoft, attributes: { transB: 1 } }),
    ],
  },
  QLinearAdd: {
    ...{ dims: [1, 256, 16], fidelity: 'exact' },
    constants: {
      ...{ ...coding('x', 0.02, 5, 'int8'), ...coding('c', 0.013, -20, 'int8') },
      ...{
        ...coding('y', 0.027, 3, 'int8'),
        c: { dims: [256, 16], int8: integers([256, 16], 8, -128, 127) },
      },
    },
    nodes: [node('QLinearAdd', 'x xs xz c cs cz ys yz', 'y', microsoft)],
  },
  'QLinearAdd that ties': {
    ...{ dims: [1, 256, 16], fidelity: 'rounded', part: 0.3 },
    constants: {
      ...{ ...coding('x', 0.02, 5, 'int8'), ...coding('c', 0.02, -20, 'int8') },
      ...coding('y', 0.04, 3, 'int8'),
      c: { dims: [256, 16], int8: integers([256, 16], 8, -128, 127) },
    },
    nodes: [node('QLinearAdd', 'x xs xz c cs cz ys yz', 'y', microsoft)],
  },
  QLinearMul: {
    ...{ dims: [1, 64, 16], kind: 'uint8', fidelity: 'exact' },
    constants: {
      ...{ ...coding('x', 0.02, 50, 'uint8'), ...coding('c', 0.013, 120, 'uint8') },
      ...{
        ...coding('y', 0.01713, 90, 'uint8'),
        c: { dims: [16], uint8: integers([16], 8, 0, 255) },
      },
    },
    nodes: [node('QLinearMul', 'x xs xz c cs cz ys yz', 'y', microsoft)],
  },
  QLinearSigmoid: {
    ...{ dims: [1, 256], fidelity: 'exact' },
    constants: { ...coding('x', 0.04, 5, 'int8'), ...coding('y', 1 / 256, -128, 'int8') },
    nodes: [node('QLinearSigmoid', 'x xs xz ys yz', 'y', microsoft)],
  },
  QLinearLeakyRelu: {
    ...{ dims: [1, 256], kind: 'uint8', fidelity: 'exact' },
    constants: { ...coding('x', 0.04, 50, 'uint8'), ...coding('y', 0.03, 20, 'uint8') },
    nodes: [
      node('QLinearLeakyRelu', 'x xs xz ys yz', 'y', {
        ...microsoft,
        attributes: { alpha: { float: 0.1 } },
      }),
    ],
  },
  QLinearGlobalAveragePool: {
    ...{ dims: image, kind: 'uint8', fidelity: 'exact' },
    constants: { ...coding('x', 0.04, 50, 'uint8'), ...coding('y', 0.01613, 0, 'uint8') },
    nodes: [node('QLinearGlobalAveragePool', 'x xs xz ys yz', 'y', microsoft)],
  },
  QLinearAveragePool: {
    ...{ dims: image, kind: 'uint8', fidelity: 'exact' },
    constants: { ...coding('x', 0.04, 50, 'uint8'), ...coding('y', 0.031, 20, 'uint8') },
    nodes: [
      node('QLinearAveragePool', 'x xs xz ys yz', 'y', {
        ...{ ...microsoft, attributes: { kernel_shape: [3, 3], strides: [2, 2] } },
      }),
    ],
  },
  QLinearConcat: {
    ...{ dims: image, kind: 'uint8', fidelity: 'exact' },
    constants: { ...coding('x', 0.04, 50, 'uint8'), ...coding('y', 0.05, 60, 'uint8') },
    nodes: [
      node('MaxPool', 'x', 'm', { attributes: { kernel_shape: [3, 3], pads: [1, 1, 1, 1] } }),
      node('QLinearConcat', 'ys yz x xs xz m ys yz', 'y', {
        ...microsoft,
        attributes: { axis: 1 },
      }),
    ],
  },
  'QDQ: Conv, Relu, MaxPool, Flatten, Gemm': {
    ...{ dims: image, kind: 'uint8', fidelity: 'rounded' },
    constants: {
      ...{
        ...conv(5, 'uint8', 0),
        ...coding('y', 0.0112, 0, 'uint8'),
        bs: { dims: [6], floats: [] },
      },
      bs: {
        dims: [6],
        floats: [0.007, 0.011, 0.02, 0.005, 0.009, 0.013].map((s) =>
          Math.fround(Math.fround(s) * Math.fround(0.0123)),
        ),
      },
      ...{
        g: weights([4, 96], 6),
        ...coding('g', 0.02, 0, 'int8'),
        ...coding('e', 0.213, 77, 'uint8'),
      },
    },
    nodes: [
      ...[
        node('DequantizeLinear', 'x xs xz', 'xr'),
        node('DequantizeLinear', 'w ws wz', 'wr', { attributes: { axis: 0 } }),
      ],
      node('DequantizeLinear', 'b bs', 'br', { attributes: { axis: 0 } }),
      ...[node('Conv', 'xr wr br', 'c', pads), node('Relu', 'c', 'r')],
      ...[node('QuantizeLinear', 'r ys yz', 'q'), node('DequantizeLinear', 'q ys yz', 'qr')],
      node('MaxPool', 'qr', 'm', { attributes: { kernel_shape: [2, 2], strides: [2, 2] } }),
      ...[node('QuantizeLinear', 'm ys yz', 'mq'), node('DequantizeLinear', 'mq ys yz', 'mr')],
      ...[node('Flatten', 'mr', 'f'), node('QuantizeLinear', 'f ys yz', 'fq')],
      ...[node('DequantizeLinear', 'fq ys yz', 'fr'), node('DequantizeLinear', 'g gs gz', 'gr')],
      node('Gemm', 'fr gr', 'd', { attributes: { transB: 1 } }),
      node('QuantizeLinear', 'd es ez', 'y'),
    ],
  },
}

test.each(Object.entries(cases))(
  'behavior: %s has the integers of onnxruntime',
  async (_, spec) => {
    const { dims, kind = 'int8', fidelity, part = 0.0005, nodes, constants = {} } = spec
    const type = elementTypes[kind]
    const bytes = buildModel({
      ...{ inputs: [{ name: 'x', dims, type }], outputs: [{ name: 'y', type }], nodes, constants },
      version: 13,
    })
    const file = openOnnx(bytes)
    const model = file.toProgram()
    const [low, high] = kind === 'int8' ? [-128, 127] : [0, 255]
    const inputs = Array.from({ length: 20 }, (_, i) => integers(dims, 300 + i, low, high))
    const own = runProgram(model, inputs).flat()
    const theirs = (await runRuntime(bytes, model, inputs)).flat()
    expect(new Set(theirs).size).toBeGreaterThan(20)
    expect(own.length).toBe(theirs.length)
    const differences = own.map((element, i) => Math.abs(element - theirs[i]!))
    const differing = differences.filter((difference) => difference > 0).length
    expect(model.fidelity.kind, JSON.stringify(model.fidelity)).toBe(fidelity)
    expect(differing, JSON.stringify(model.fidelity)).toBeLessThanOrEqual(
      fidelity === 'exact' ? 0 : part * own.length,
    )
    expect(Math.max(...differences)).toBeLessThanOrEqual(1)
  },
)

const real: ModelSpec = {
  inputs: [{ name: 'x', dims: [1, 4] }],
  outputs: [{ name: 'y' }],
  nodes: [
    ...[node('QuantizeLinear', 'x xs xz', 'q'), node('DequantizeLinear', 'q xs xz', 'r')],
    ...[node('Relu', 'r', 'p'), node('QuantizeLinear', 'p xs xz', 'pq')],
    node('DequantizeLinear', 'pq xs xz', 'y'),
  ],
  constants: coding('x', 0.5, 3, 'int8'),
}

test('behavior: real inputs are quantised as the model does, with ties to even', async () => {
  const bytes = buildModel(real)
  const model = openOnnx(bytes).toProgram()
  expect(model.input).toMatchObject({ type: 'FLOAT32', scale: 0.5, zeroPoint: 3, ties: 'even' })
  expect(model.output).toMatchObject({ type: 'FLOAT32', scale: 0.5, zeroPoint: 3 })
  expect(model.fidelity).toEqual({ kind: 'exact' })
  const inputs = [
    [0.25, 0.75, 1.25, 1.2],
    [-0.25, -0.75, 1e9, -1e9],
  ]
  expect(runProgram(model, inputs)).toEqual(await runRuntime(bytes, model, inputs))
})

test('behavior: operators of the file are listed once, with the tensor of their output', () => {
  const spec = cases['QLinearConv of int8']!
  const { dims, nodes, constants = {} } = spec
  const type = elementTypes.int8
  const ends = { inputs: [{ name: 'x', dims, type }], outputs: [{ name: 'y', type }] }
  const { operators, parameters } = openOnnx(buildModel({ ...ends, nodes, constants })).toProgram()
  expect(parameters.layers.map(({ kind }) => kind)).toEqual(['move', 'conv', 'move'])
  const shape = [1, 6, 8, 8]
  expect(operators).toEqual([{ index: 0, operator: 'QLinearConv', shape, type: 'INT8', tensor: 2 }])
})

test('behavior: a quantisation is found behind what only moves elements', () => {
  const nodes = [
    ...real.nodes.slice(0, 2),
    ...[
      node('Sigmoid', 'r', 's'),
      node('Identity', 's', 'f'),
      node('QuantizeLinear', 'f xs xz', 'y'),
    ],
  ]
  const outputs = [{ name: 'y', type: elementTypes.int8 }]
  const model = openOnnx(buildModel({ ...real, nodes, outputs })).toProgram()
  expect(model.fidelity).toEqual({ kind: 'exact' })
  expect(model.parameters.layers.length).toBe(1)
})

test.each([
  ['its output', [node('Sigmoid', 'r', 'y')]],
  ['exponentials', [node('Softmax', 'r', 'y')]],
  [
    'its constant',
    [
      node('Add', 'r c', 'a'),
      node('QuantizeLinear', 'a xs xz', 'q2'),
      node('DequantizeLinear', 'q2 xs xz', 'y'),
    ],
  ],
  [
    'what it pads with',
    [
      node('Pad', 'r p v', 'a'),
      node('QuantizeLinear', 'a xs xz', 'q2'),
      node('DequantizeLinear', 'q2 xs xz', 'y'),
    ],
  ],
  [
    'its weights',
    [
      node('MatMul', 'r w', 'a'),
      node('QuantizeLinear', 'a xs xz', 'q2'),
      node('DequantizeLinear', 'q2 xs xz', 'y'),
    ],
  ],
])('behavior: says where %s is approximated', (found, nodes) => {
  const constants = {
    ...real.constants,
    ...{
      c: { dims: [4], floats: [0.1, 0.2, 0.3, 0.45] },
      w: { dims: [4, 1], floats: [0.1, 0.2, 0.3, 0.4] },
    },
    ...{ p: { dims: [4], int64: [0, 1, 0, 1] }, v: { dims: [], floats: [0.3] } },
  }
  const spec = { ...real, constants, nodes: [...real.nodes.slice(0, 2), ...nodes] }
  const { fidelity } = openOnnx(buildModel(spec)).toProgram()
  if (fidelity.kind !== 'rounded') throw new Error(fidelity.kind)
  expect(fidelity.differences[0]!.found.startsWith(found)).toBe(true)
})

test.each<[string, string, Partial<ModelSpec>]>([
  ['Relu', 'range of p', { nodes: [...real.nodes.slice(0, 3), node('Exp', 'p', 'y')] }],
  [
    'QuantizeLinear',
    'its type',
    { constants: { ...coding('x', 0.5, 3, 'int8'), xz: { dims: [], int32: [3] } } },
  ],
])('error: %s where %s is not known or not 8 bits', (operator, subject, change) => {
  const toProgram = () => openOnnx(buildModel({ ...real, ...change })).toProgram()
  expect(toProgram).toThrow(UnsupportedOperatorError)
  expect(toProgram).toThrow(expect.objectContaining({ operator, subject }))
})
