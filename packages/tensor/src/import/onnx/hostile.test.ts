import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import { expect, test } from 'vitest'

import { createRandom } from '../../examples/createRandom.ts'
import { composeProgram } from '../../program/composeProgram.ts'
import { ImportError, ModelFileError, ModelLimitError, UnsupportedModelError } from '../errors.ts'
import { type GraphProtoSchema, ModelProtoSchema } from './generated/onnx_pb.ts'
import { openOnnx } from './openOnnx.ts'
import { buildModel, elementTypes, type ModelSpec, numbers } from './testing/buildModel.ts'
import { buildTrees } from './testing/treeModels.ts'

const floats = (dims: readonly number[]) => ({ dims, floats: numbers(dims, 1) })

/** A small model with every part that a file has. */
const spec: ModelSpec = {
  inputs: [{ name: 'x', dims: ['n', 2, 6, 6] }],
  outputs: [{ name: 'y', dims: [1, 5] }],
  constants: {
    ...{ w: floats([3, 2, 3, 3]), b: floats([3]), g: floats([3, 5]) },
    ...{ shape: { dims: [2], int64: [1, -1] }, axes: { dims: [2], int64: [2, 3] } },
    ...{ s: { dims: [], floats: [0.125] }, z: { dims: [], int8: [3] } },
  },
  nodes: [
    { operator: 'Conv', inputs: ['x', 'w', 'b'], outputs: ['a'], attributes: { strides: [1, 1] } },
    { operator: 'Relu', inputs: ['a'], outputs: ['r'] },
    { operator: 'ReduceMean', inputs: ['r', 'axes'], outputs: ['m'] },
    { operator: 'Reshape', inputs: ['m', 'shape'], outputs: ['f'] },
    { operator: 'Gemm', inputs: ['f', 'g'], outputs: ['d'], attributes: { alpha: { float: 2 } } },
    { operator: 'QuantizeLinear', inputs: ['d', 's', 'z'], outputs: ['q'] },
    { operator: 'DequantizeLinear', inputs: ['q', 's', 'z'], outputs: ['p'] },
    { operator: 'Softmax', inputs: ['p'], outputs: ['y'] },
  ],
  version: 18,
}
const model = buildModel(spec)
const trees = buildTrees({
  ...{ features: 3, outputs: 2, isClassifier: true, transform: 'LOGISTIC', base: [0.5] },
  trees: [
    { feature: 1, value: 0.5, yes: [1], no: { feature: 2, value: 0, yes: [-2], no: [0.5] } },
    { feature: 0, value: -1, yes: [0.25], no: [-1] },
  ],
})

/** What an import may end in: a program, or an error that says what is wrong. */
function outcomeOf(bytes: Uint8Array): 'imported' | 'refused' {
  try {
    const file = openOnnx(bytes)
    const elements = file.input.shape.reduce((product, dim) => product * dim, 1)
    const samples = [1, 2].map((seed) => Float32Array.from(numbers([elements], seed)))
    composeProgram(file.toProgram(samples).parameters)
    return 'imported'
  } catch (error) {
    if (error instanceof ImportError) return 'refused'
    throw error
  }
}

test('behavior: the whole files are models', () => {
  expect(outcomeOf(model)).toBe('imported')
  expect(outcomeOf(trees)).toBe('imported')
})

test('behavior: a file cut anywhere is refused, or has lost what nothing needs', () => {
  const kept = Array.from({ length: model.length - 20 }, (_, length) =>
    outcomeOf(model.slice(0, length)),
  )
  // The versions of operators come last; without them the model is of another.
  expect(kept.filter((outcome) => outcome === 'imported').length).toBeLessThan(80)
  expect(kept.slice(0, 600)).not.toContain('imported')
})

test.each([
  ['network', model, 2_000],
  ['ensemble', trees, 2_000],
])('behavior: a %s with any bytes changed is a model or is refused, soon', (_, whole, runs) => {
  const random = createRandom(11)
  const outcomes = { imported: 0, refused: 0 }
  const start = performance.now()
  for (let run = 0; run < runs; run++) {
    const bytes = whole.slice()
    for (let change = random.integer(1, 4); change > 0; change--) {
      const at = random.integer(0, bytes.length - 1)
      bytes[at] = random.pick([0, 1, 0x7f, 0x80, 0xff, random.integer(0, 255)])
    }
    outcomes[outcomeOf(bytes)]++
  }
  expect(outcomes.imported).toBeGreaterThan(100)
  expect(outcomes.refused).toBeGreaterThan(100)
  expect(performance.now() - start).toBeLessThan(60_000)
})

test('error: random bytes', () => {
  const random = createRandom(12)
  for (let run = 0; run < 500; run++) {
    expect(outcomeOf(random.bytes(random.integer(0, 400)))).toBe('refused')
  }
  expect(() => openOnnx(new Uint8Array(0))).toThrow(ModelFileError)
})

function change(edit: Partial<ModelSpec>) {
  return () => openOnnx(buildModel({ ...spec, ...edit })).toProgram()
}

const [conv, ...rest] = spec.nodes

test.each<[string, Partial<ModelSpec>]>([
  ['a cycle', { nodes: [{ ...conv!, inputs: ['y', 'w', 'b'] }, ...rest] }],
  ['a node that reads itself', { nodes: [{ ...conv!, inputs: ['a', 'w', 'b'] }, ...rest] }],
  ['a value that is made twice', { nodes: [...spec.nodes, { ...rest[0]!, outputs: ['y'] }] }],
  ['a value that nothing makes', { nodes: rest }],
  ['an output that nothing makes', { outputs: [{ name: 'none' }] }],
  [
    'negative dimensions',
    { constants: { ...spec.constants, w: { dims: [-3, 2, 3, 3], floats: [] } } },
  ],
  [
    'missing elements',
    { constants: { ...spec.constants, w: { dims: [3, 2, 3, 3], floats: [1] } } },
  ],
  ['no input', { inputs: [] }],
])('error: rejects %s', (_, edit) => {
  expect(change(edit)).toThrow(ImportError)
})

test.each<[string, Partial<ModelSpec>]>([
  ['an input of 2^62 elements', { inputs: [{ name: 'x', dims: [1, 2 ** 31, 2 ** 31] }] }],
  [
    'a constant of 2^60 elements',
    { constants: { ...spec.constants, w: { dims: [2 ** 30, 2 ** 30], floats: [] } } },
  ],
  [
    'a sum that repeats to 2^40 elements',
    {
      inputs: [{ name: 'x', dims: [1, 2 ** 20, 1] }],
      nodes: [{ operator: 'Add', inputs: ['x', 'wide'], outputs: ['y'] }],
      constants: { wide: { dims: [2 ** 20], floats: new Array<number>(2 ** 20).fill(0) } },
    },
  ],
  [
    'a padding of 2^40 elements',
    {
      nodes: [{ operator: 'Pad', inputs: ['x', 'p'], outputs: ['y'] }],
      constants: { p: { dims: [8], int64: [0, 0, 2 ** 20, 2 ** 20, 0, 0, 0, 0] } },
    },
  ],
  [
    'products of 2^40 terms',
    {
      inputs: [{ name: 'x', dims: [2 ** 14, 2 ** 10] }],
      nodes: ['a', 'y'].map((output, i) => ({
        ...{ operator: 'MatMul', inputs: [i === 0 ? 'x' : 'a', 'm'], outputs: [output] },
      })),
      constants: { m: { dims: [2 ** 10, 2 ** 10], floats: new Array<number>(2 ** 20).fill(0) } },
    },
  ],
  [
    'ten thousand nodes',
    {
      nodes: Array.from({ length: 10_000 }, (_, i) => ({
        ...{ operator: 'Neg', inputs: [i === 0 ? 'x' : `v${i}`], outputs: [`v${i + 1}`] },
      })),
    },
  ],
])('error: %s, without room for them', (_, edit) => {
  const bytes = buildModel({ ...spec, ...edit })
  const start = performance.now()
  const before = process.memoryUsage().rss
  expect(() => openOnnx(bytes).toProgram()).toThrow(ModelLimitError)
  expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 30)
  expect(performance.now() - start).toBeLessThan(20_000)
})

test('error: more messages or numbers than any model has', () => {
  const field = (number: number, content: Uint8Array | number[]) => {
    const { length } = content
    const size = [
      (length & 0x7f) | 0x80,
      ((length >> 7) & 0x7f) | 0x80,
      ((length >> 14) & 0x7f) | 0x80,
      length >> 21,
    ]
    return Uint8Array.from([(number << 3) | 2, ...size, ...content])
  }
  // Nodes of no bytes, two bytes each; then a packed list.
  const nodes = new Uint8Array(2 ** 20).map((_, i) => (i % 2 === 0 ? (1 << 3) | 2 : 0))
  const start = performance.now()
  expect(() => openOnnx(field(7, Array.from(nodes)))).toThrow(ModelLimitError)
  expect(performance.now() - start).toBeLessThan(5_000)
})

function encoded(graph: MessageInitShape<typeof GraphProtoSchema>) {
  const opsetImport = [{ domain: '', version: 17n }]
  return toBinary(ModelProtoSchema, create(ModelProtoSchema, { irVersion: 8n, opsetImport, graph }))
}

test('error: data in another file', () => {
  const initializer = (extra: object) => {
    const tensor = { name: 'w', dims: [1n], dataType: 1, ...extra }
    const graph = { name: 'g', input: [{ name: 'x' }], initializer: [tensor] }
    return encoded(graph)
  }
  const location = { key: 'location', value: '../../../etc/passwd' }
  for (const extra of [{ externalData: [location] }, { dataLocation: 1 }]) {
    expect(() => openOnnx(initializer(extra))).toThrow(UnsupportedModelError)
  }
})

test('error: graphs inside attributes', () => {
  const node = {
    opType: 'If',
    input: ['x'],
    output: ['y'],
    attribute: [{ name: 'then', g: { name: 'g' } }],
  }
  const dim = [{ dimValue: 1n }]
  const input = [
    { name: 'x', type: { tensorType: { elemType: elementTypes.float, shape: { dim } } } },
  ]
  const output = [{ name: 'y', type: { tensorType: { elemType: elementTypes.float } } }]
  const graph = { name: 'g', input, output, node: [node] }
  const bytes = encoded(graph)
  expect(() => openOnnx(bytes).toProgram()).toThrow(expect.objectContaining({ operator: 'If' }))
})

test('behavior: a view into a larger buffer is read within its own bounds', () => {
  const padded = new Uint8Array(model.length + 64).fill(0x5a)
  padded.set(model, 32)
  const view = padded.subarray(32, 32 + model.length)
  const samples = [Float32Array.from(numbers([72], 3))]
  expect(openOnnx(view).toProgram(samples)).toEqual(openOnnx(model).toProgram(samples))
  expect(openOnnx(Buffer.from(model)).toProgram(samples)).toEqual(
    openOnnx(model).toProgram(samples),
  )
})
