import { expect, test } from 'vitest'

import { product } from '../dims.ts'
import { openOnnx } from './openOnnx.ts'
import { buildModel, type ConstantSpec, type NodeSpec, numbers } from './testing/buildModel.ts'
import { runProgram, runRuntime } from './testing/runOnnx.ts'

type Case = {
  /** Shape of the input. */
  dims: readonly number[]
  nodes: readonly NodeSpec[]
  constants?: Record<string, ConstantSpec>
  version?: number
  /** Error allowed, in steps of the output. */
  steps?: number
  /** Kinds of the layers. */
  kinds?: string
}

function floats(dims: readonly number[], seed: number, scale = 1): ConstantSpec {
  return { dims, floats: numbers(dims, seed).map((x) => x * scale) }
}

function integers(...values: number[]): ConstantSpec {
  return { dims: [values.length], int64: values }
}

type Attributes = NonNullable<NodeSpec['attributes']>

function node(
  operator: string,
  inputs: string,
  attributes: Attributes = {},
  output = 'y',
): NodeSpec {
  const [domain, name] = operator.includes('.')
    ? ['com.microsoft', operator.split('.').at(-1)!]
    : ['', operator]
  return { operator: name, domain, inputs: inputs.split(' '), outputs: [output], attributes }
}

const image = [1, 4, 7, 6] as const
const matrix = [1, 12] as const

const cases: Record<string, Case> = {
  Gemm: {
    ...{ dims: matrix, nodes: [node('Gemm', 'x w b', { transB: 1 })], kinds: 'dense' },
    constants: { w: floats([5, 12], 1), b: floats([5], 2) },
  },
  'Gemm with factors': {
    ...{ dims: matrix, kinds: 'dense' },
    nodes: [node('Gemm', 'x w b', { alpha: { float: 0.5 }, beta: { float: 3 } })],
    constants: { w: floats([12, 5], 1), b: floats([1, 5], 2) },
  },
  'Gemm of lists': {
    ...{ dims: [3, 12], nodes: [node('Gemm', 'x w b')], kinds: 'conv' },
    constants: { w: floats([12, 5], 1), b: floats([5], 2) },
  },
  'MatMul, Add, Relu': {
    ...{ dims: [1, 3, 12], constants: { w: floats([12, 5], 1), b: floats([5], 2) }, kinds: 'conv' },
    nodes: [node('MatMul', 'x w', {}, 'a'), node('Add', 'a b', {}, 'c'), node('Relu', 'c')],
  },
  Conv: {
    ...{ dims: image, nodes: [node('Conv', 'x w b', { pads: [1, 0, 1, 2], strides: [2, 1] })] },
    ...{ constants: { w: floats([6, 4, 3, 3], 1), b: floats([6], 2) }, kinds: 'move,conv,move' },
  },
  'Conv with groups and dilation': {
    ...{ dims: image, nodes: [node('Conv', 'x w', { group: 2, dilations: [2, 1] })] },
    constants: { w: floats([6, 2, 3, 2], 1) },
  },
  'Conv, depthwise, SAME_UPPER': {
    dims: image,
    nodes: [node('Conv', 'x w', { group: 4, auto_pad: 'SAME_UPPER', strides: [2, 2] })],
    constants: { w: floats([8, 1, 3, 3], 1) },
  },
  'Conv of one dimension': {
    ...{ dims: [1, 4, 16], nodes: [node('Conv', 'x w b', { pads: [1, 1] })] },
    constants: { w: floats([5, 4, 3], 1), b: floats([5], 2) },
  },
  'Conv, BatchNormalization, Clip': {
    ...{ dims: image, kinds: 'move,conv,move', steps: 8 },
    nodes: [
      node('Conv', 'x w', {}, 'a'),
      node('BatchNormalization', 'a g b m v', {}, 'n'),
      node('Clip', 'n low high'),
    ],
    constants: {
      ...{ w: floats([6, 4, 3, 3], 1), g: floats([6], 2), b: floats([6], 3), m: floats([6], 4) },
      v: { dims: [6], floats: [1, 2, 0.5, 0.1, 3, 1] },
      ...{ low: { dims: [], floats: [-0.5] }, high: { dims: [], floats: [0.75] } },
    },
  },
  'BatchNormalization alone': {
    ...{ dims: image, nodes: [node('BatchNormalization', 'x g b m v')], steps: 2 },
    constants: {
      ...{ g: floats([4], 2), b: floats([4], 3), m: floats([4], 4) },
      v: { dims: [4], floats: [1, 2, 0.5, 0.1] },
    },
  },
  'Add of a constant': {
    dims: image,
    nodes: [node('Add', 'x c')],
    constants: { c: floats([4, 1, 1], 5) },
  },
  'Add of itself, transposed': {
    ...{ dims: [1, 5, 5], kinds: 'move,add' },
    nodes: [node('Transpose', 'x', { perm: [0, 2, 1] }, 't'), node('Add', 'x t')],
  },
  'Add of what repeats': {
    ...{
      dims: [1, 4, 6],
      nodes: [node('ReduceMean', 'x', { axes: [2] }, 'm'), node('Add', 'm x')],
    },
  },
  'Sub and Div by constants': {
    ...{
      dims: [1, 4, 6],
      constants: { c: floats([6], 5), d: { dims: [4, 1], floats: [2, 3, 4, 5] } },
    },
    nodes: [node('Sub', 'x c', {}, 's'), node('Div', 's d')],
  },
  Mul: {
    ...{ dims: image, nodes: [node('Sigmoid', 'x', {}, 's'), node('Mul', 's x')] },
    ...{ kinds: 'lookup,mul', steps: 3 },
  },
  'Mul by a constant': {
    dims: image,
    nodes: [node('Mul', 'x c')],
    constants: { c: floats([7, 1], 5) },
  },
  'Add of one number': {
    dims: matrix,
    nodes: [node('Add', 'x c')],
    constants: { c: floats([1], 5) },
  },
  Relu: { dims: image, nodes: [node('Relu', 'x')], kinds: 'lookup' },
  'Clip by attributes': {
    ...{ dims: matrix, version: 10 },
    steps: 2,
    nodes: [node('Clip', 'x', { min: { float: -0.25 }, max: { float: 0.5 } })],
  },
  Sigmoid: { dims: image, nodes: [node('Sigmoid', 'x')] },
  Tanh: { dims: image, nodes: [node('Tanh', 'x')] },
  Gelu: { dims: image, nodes: [node('Gelu', 'x')], version: 20, steps: 2 },
  'Gelu by tanh': {
    dims: image,
    nodes: [node('Gelu', 'x', { approximate: 'tanh' })],
    version: 20,
    steps: 2,
  },
  'Gelu of com.microsoft': { dims: image, nodes: [node('com.microsoft.Gelu', 'x')], steps: 2 },
  'LeakyRelu, Elu, Exp, Neg, Abs, Erf': {
    dims: matrix,
    nodes: [
      ...[node('LeakyRelu', 'x', {}, 'a'), node('Elu', 'a', {}, 'b'), node('Exp', 'b', {}, 'c')],
      ...[node('Neg', 'c', {}, 'd'), node('Abs', 'd', {}, 'e'), node('Erf', 'e')],
    ],
    steps: 4,
  },
  Softmax: { dims: [1, 3, 8], nodes: [node('Softmax', 'x')] },
  'Softmax along the first axis': { dims: [1, 3, 8], nodes: [node('Softmax', 'x', { axis: 1 })] },
  'Softmax of a matrix': { dims: [1, 3, 8], nodes: [node('Softmax', 'x')], version: 11 },
  MaxPool: {
    dims: image,
    nodes: [node('MaxPool', 'x', { kernel_shape: [3, 2], strides: [2, 2], pads: [1, 0, 1, 1] })],
  },
  'MaxPool with ceil_mode': {
    dims: image,
    nodes: [node('MaxPool', 'x', { kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1 })],
  },
  AveragePool: {
    ...{ dims: image, kinds: 'move,conv,move' },
    nodes: [node('AveragePool', 'x', { kernel_shape: [3, 2], strides: [2, 2] })],
  },
  'AveragePool without its padding': {
    ...{ dims: image, kinds: 'move,pool,move' },
    nodes: [node('AveragePool', 'x', { kernel_shape: [3, 3], pads: [1, 1, 1, 1] })],
  },
  'AveragePool with its padding': {
    dims: image,
    nodes: [
      node('AveragePool', 'x', { kernel_shape: [3, 3], pads: [1, 1, 1, 1], count_include_pad: 1 }),
    ],
  },
  'AveragePool with ceil_mode': {
    ...{ dims: image, kinds: 'move,pool,move' },
    nodes: [node('AveragePool', 'x', { kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1 })],
  },
  'ReduceMean of everything, of nothing': {
    dims: [1, 4, 6],
    nodes: [
      node('ReduceMean', 'x none', { noop_with_empty_axes: 1 }, 'a'),
      ...[node('ReduceMean', 'x none', {}, 'b'), node('Add', 'a b')],
    ],
    ...{ constants: { none: integers() }, version: 18 },
  },
  GlobalAveragePool: {
    dims: image,
    nodes: [node('GlobalAveragePool', 'x')],
    kinds: 'move,conv',
    steps: 2,
  },
  ReduceMean: { dims: image, nodes: [node('ReduceMean', 'x', { axes: [1, 3], keepdims: 0 })] },
  'ReduceMean by an input': {
    dims: image,
    nodes: [node('ReduceMean', 'x a', { keepdims: 1 })],
    ...{ constants: { a: integers(-1) }, version: 18 },
  },
  Flatten: { dims: image, nodes: [node('Flatten', 'x', { axis: 2 })], kinds: 'move' },
  Reshape: {
    dims: image,
    nodes: [node('Reshape', 'x s')],
    constants: { s: integers(0, -1, 3) },
  },
  'Reshape by its own shape': {
    dims: [1, 4, 6],
    nodes: [
      ...[node('Shape', 'x', {}, 's'), node('Gather', 's zero', {}, 'n')],
      ...[node('Unsqueeze', 'n axes', {}, 'u'), node('Concat', 'u rest', { axis: 0 }, 'to')],
      node('Reshape', 'x to'),
    ],
    constants: { zero: { dims: [], int64: [0] }, axes: integers(0), rest: integers(-1) },
  },
  Transpose: { dims: image, nodes: [node('Transpose', 'x', { perm: [0, 3, 1, 2] })] },
  'Transpose, Reshape, Transpose': {
    dims: image,
    nodes: [
      node('Transpose', 'x', { perm: [0, 2, 1, 3] }, 'a'),
      node('Reshape', 'a s', {}, 'b'),
      node('Transpose', 'b', { perm: [1, 0] }),
    ],
    constants: { s: integers(14, 12) },
  },
  'Flatten of an image, Gemm': {
    dims: image,
    nodes: [...[node('Conv', 'x w', {}, 'a'), node('Flatten', 'a', {}, 'f'), node('Gemm', 'f g')]],
    ...{ constants: { w: floats([3, 4, 3, 3], 1), g: floats([60, 5], 2) }, steps: 4 },
    kinds: 'move,conv,dense',
  },
  Concat: {
    dims: image,
    nodes: [
      ...[node('Sigmoid', 'x', {}, 'a'), node('Neg', 'x', {}, 'b')],
      node('Concat', 'a x b', { axis: 1 }),
    ],
    steps: 2,
  },
  Pad: {
    dims: image,
    nodes: [node('Pad', 'x p v')],
    constants: { p: integers(0, 1, 0, 2, 0, 0, 1, 1), v: { dims: [], floats: [3] } },
  },
  'Pad with zeros, Conv': {
    dims: image,
    nodes: [node('Pad', 'x p', {}, 'a'), node('Conv', 'a w')],
    constants: { p: integers(0, 0, 1, 1, 0, 0, 1, 1), w: floats([3, 4, 3, 3], 1) },
  },
  'Squeeze, Unsqueeze, Identity, Dropout': {
    dims: [1, 1, 6],
    nodes: [
      ...[node('Squeeze', 'x a', {}, 's'), node('Unsqueeze', 's b', {}, 'u')],
      ...[node('Identity', 'u', {}, 'i'), node('Dropout', 'i')],
    ],
    constants: { a: integers(1), b: integers(2) },
  },
}

test.each(Object.entries(cases))(
  'behavior: %s is within its steps of onnxruntime',
  async (_, spec) => {
    const { dims, nodes, constants = {}, version = 17, steps = 1.5, kinds } = spec
    const inputs = [{ name: 'x', dims }]
    const outputs = [{ name: 'y' }]
    const bytes = buildModel({ inputs, outputs, nodes, constants, version })
    const samples = Array.from({ length: 12 }, (_, i) => Float32Array.from(numbers(dims, 100 + i)))
    const file = openOnnx(bytes)
    const model = file.toProgram(samples)
    const theirs = await runRuntime(bytes, model, samples)
    const own = runProgram(model, samples)
    expect(product(model.output.shape)).toBe(theirs[0]!.length)
    if (kinds !== undefined) {
      expect(model.parameters.layers.map(({ kind }) => kind).join()).toBe(kinds)
    }
    const varied = new Set(theirs.flat().map((x) => x.toFixed(3)))
    expect(varied.size).toBeGreaterThan(5)
    for (const [i, sample] of samples.entries()) {
      const evaluated = file.evaluate(sample)
      for (const [k, element] of theirs[i]!.entries()) {
        expect(Math.abs(evaluated[k]! - element)).toBeLessThan(1e-5)
        expect(Math.abs(own[i]![k]! - element) / model.output.scale).toBeLessThan(steps)
      }
    }
  },
)
