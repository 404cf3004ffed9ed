import { expect, test } from 'vitest'

import { ElementsLengthError, UnsupportedModelError, UnsupportedOperatorError } from '../errors.ts'
import { openOnnx } from './openOnnx.ts'
import { buildModel, elementTypes, type ModelSpec, numbers } from './testing/buildModel.ts'
import { buildTrees } from './testing/treeModels.ts'

type Node = ModelSpec['nodes'][number]

const floats = (...dims: number[]) => ({ dims, floats: numbers(dims, 1) })

function one(operator: string, inputs: string, attributes: Node['attributes'] = {}): Node {
  return { operator, name: 'named', inputs: inputs.split(' '), outputs: ['y'], attributes }
}

function modelOf(node: Node | readonly Node[], edit: Partial<ModelSpec> = {}): ModelSpec {
  return {
    inputs: [{ name: 'x', dims: [1, 2, 4, 4] }],
    outputs: [{ name: 'y' }],
    nodes: 'operator' in node ? [node] : node,
    ...edit,
  }
}

function toProgram(spec: ModelSpec) {
  const file = openOnnx(buildModel(spec))
  const elements = file.input.shape.reduce((product, dim) => product * dim, 1)
  return file.toProgram([Float32Array.from(numbers([elements], 2))])
}

const flat: Partial<ModelSpec> = { inputs: [{ name: 'x', dims: [1, 4] }] }

test.each<[string, ModelSpec, Partial<UnsupportedOperatorError>]>([
  [
    'an operator that no program has',
    modelOf(one('LSTM', 'x')),
    { operator: 'LSTM', subject: 'it' },
  ],
  [
    'one of another domain',
    modelOf({ ...one('Foo', 'x'), domain: 'org.x' }),
    { operator: 'org.x.Foo' },
  ],
  ['one named like a property', modelOf(one('toString', 'x')), { operator: 'toString' }],
  [
    'computed weights',
    modelOf(one('MatMul', 'x x'), { inputs: [{ name: 'x', dims: [3, 3] }] }),
    { subject: 'its right side', found: 'computed' },
  ],
  [
    'a right side that is no matrix',
    modelOf(one('MatMul', 'x w'), { constants: { w: floats(1, 2, 4, 3) } }),
    { subject: 'shape of its right side' },
  ],
  [
    'transA',
    modelOf(one('Gemm', 'x w', { transA: 1 }), {
      inputs: [{ name: 'x', dims: [4, 1] }],
      constants: { w: floats(4, 3) },
    }),
    { subject: 'transA' },
  ],
  [
    'a bias for each row',
    modelOf(one('Gemm', 'x w b'), {
      inputs: [{ name: 'x', dims: [3, 4] }],
      constants: { w: floats(4, 5), b: floats(3, 1) },
    }),
    { subject: 'shape of its bias' },
  ],
  [
    'a batch of images',
    modelOf(one('Conv', 'x w'), {
      inputs: [{ name: 'x', dims: [2, 2, 4, 4] }],
      constants: { w: floats(3, 2, 1, 1) },
    }),
    { subject: 'shape of its input' },
  ],
  [
    'images of three dimensions',
    modelOf(one('Conv', 'x w'), {
      inputs: [{ name: 'x', dims: [1, 2, 4, 4, 4] }],
      constants: { w: floats(3, 2, 1, 1, 1) },
    }),
    { subject: 'shape of its input' },
  ],
  [
    'an unknown auto_pad',
    modelOf(one('Conv', 'x w', { auto_pad: 'MAYBE' }), { constants: { w: floats(3, 2, 1, 1) } }),
    { subject: 'auto_pad', found: 'MAYBE' },
  ],
  [
    'indices of a MaxPool',
    modelOf({ ...one('MaxPool', 'x', { kernel_shape: [2, 2] }), outputs: ['y', 'i'] }),
    { subject: 'its output i' },
  ],
  [
    'a dilated pool',
    modelOf(one('MaxPool', 'x', { kernel_shape: [2, 2], dilations: [2, 2] })),
    { subject: 'its dilations' },
  ],
  [
    'reflected padding',
    modelOf(one('Pad', 'x p', { mode: 'reflect' }), {
      constants: { p: { dims: [8], int64: [0, 0, 1, 1, 0, 0, 1, 1] } },
    }),
    { subject: 'mode', found: 'reflect' },
  ],
  [
    'cropping by Pad',
    modelOf(one('Pad', 'x p'), {
      constants: { p: { dims: [8], int64: [0, 0, -1, 0, 0, 0, 0, 0] } },
    }),
    { subject: 'its pads', found: '-1' },
  ],
  [
    'padding that is no number',
    modelOf(one('Pad', 'x p v'), {
      constants: {
        p: { dims: [8], int64: [0, 0, 1, 1, 0, 0, 1, 1] },
        v: { dims: [], floats: [Number.NEGATIVE_INFINITY] },
      },
    }),
    { subject: 'what it pads with', found: '-Infinity' },
  ],
  [
    'bounds that cross',
    modelOf(one('Clip', 'x l h'), {
      constants: { l: { dims: [], floats: [1] }, h: { dims: [], floats: [0] } },
    }),
    { subject: 'its bounds', found: '1 to 0' },
  ],
  [
    'a long softmax',
    modelOf(one('Softmax', 'x'), { inputs: [{ name: 'x', dims: [1, 512] }] }),
    { subject: 'its depth', found: '512' },
  ],
  [
    'a difference of two inputs',
    modelOf([{ ...one('Neg', 'x'), outputs: ['n'] }, one('Sub', 'x n')], flat),
    { operator: 'Sub', found: 'computed' },
  ],
  [
    'a constant that is joined',
    modelOf(one('Concat', 'x c', { axis: 1 }), { ...flat, constants: { c: floats(1, 4) } }),
    { operator: 'Concat', found: 'constant' },
  ],
  [
    'an approximation that is not known',
    modelOf(one('Gelu', 'x', { approximate: 'erf' }), flat),
    { subject: 'approximate' },
  ],
  [
    'weights that are no numbers',
    modelOf(one('Gemm', 'x w'), {
      ...flat,
      constants: { w: { dims: [4, 1], floats: [1, Number.NaN, 0, 0] } },
    }),
    { operator: 'Gemm' },
  ],
  [
    'ranges without end',
    modelOf(one('Exp', 'c'), {
      ...flat,
      nodes: [{ ...one('Mul', 'x c'), outputs: ['m'] }, one('Exp', 'm')],
      constants: { c: { dims: [1], floats: [1e30] } },
    }),
    { found: expect.stringContaining('Infinity') },
  ],
])('error: refuses %s by name', (_, spec, needed) => {
  expect(() => toProgram(spec)).toThrow(UnsupportedOperatorError)
  expect(() => toProgram(spec)).toThrow(expect.objectContaining({ node: 'named', ...needed }))
})

const relu = one('Relu', 'x')

test.each<[string, ModelSpec, string]>([
  [
    'two inputs',
    modelOf(one('Add', 'x z'), { inputs: ['x', 'z'].map((name) => ({ name, dims: [1, 4] })) }),
    'inputs',
  ],
  [
    'two outputs',
    modelOf([relu, { ...relu, outputs: ['z'] }], { outputs: [{ name: 'y' }, { name: 'z' }] }),
    'outputs',
  ],
  ['open dimensions', modelOf(relu, { inputs: [{ name: 'x', dims: ['n', 'c', 4] }] }), 'input'],
  [
    'operators of a version too old',
    modelOf(relu, { ...flat, version: 6 }),
    'version of its operators',
  ],
  ['operators not known', modelOf(relu, { ...flat, version: 99 }), 'version of its operators'],
  [
    'an input of int64',
    modelOf(relu, { inputs: [{ name: 'x', dims: [1, 4], type: elementTypes.int64 }] }),
    'input',
  ],
])('error: refuses %s', (_, spec, subject) => {
  expect(() => toProgram(spec)).toThrow(UnsupportedModelError)
  expect(() => toProgram(spec)).toThrow(expect.objectContaining({ subject }))
})

test('error: a network beside trees', () => {
  const bytes = buildTrees({
    features: 2,
    outputs: 1,
    trees: [[1]],
    behind: [one('Relu', 'scores')],
  })
  const open = () => openOnnx(bytes)
  expect(open).toThrow(UnsupportedOperatorError)
  expect(open).toThrow(expect.objectContaining({ operator: 'Relu', node: 'named' }))
})

test('error: a model in floating point without samples', () => {
  const file = openOnnx(buildModel(modelOf(relu, flat)))
  expect(() => file.toProgram()).toThrow(expect.objectContaining({ found: 'not stated' }))
})

test('error: samples and inputs of another length', () => {
  const file = openOnnx(buildModel(modelOf(relu, flat)))
  expect(() => file.toProgram([new Float32Array(5)])).toThrow(ElementsLengthError)
  expect(() => file.evaluate(new Float32Array(3))).toThrow(ElementsLengthError)
})
