import { buildTree } from '@assay/protocol/tree'
import { encodeOperator, type Operator, type Piece } from '@assay/tensor'
import { bytesToHex, encodeAbiParameters, zeroHash } from 'viem'
import { describe, test } from 'vitest'

import { deployVerifier, networkHelpers } from '../contracts/TensorVerifier/fixtures.ts'
import { refuses } from '../contracts/TensorVerifier/refusals.ts'

const table = new Uint8Array(256)
const output = { outputZero: 1, clampMin: 2, clampMax: 3 }
const { outputZero: _, ...clamp } = output
const window = {
  width: 3,
  channels: 4,
  kernelHeight: 2,
  kernelWidth: 3,
  strideHeight: 1,
  strideWidth: 2,
  padTop: 5,
  padLeft: 6,
}
const reads = { source: 0, rows: 4, rowBytes: 12 }
const scale = { multiplier: -(2 ** 31), shift: -128 }

/** Tensors 0 and 1, and one operator of each kind that may follow them. */
const earlier: Operator[] = [
  { kind: 'input', rows: 4, rowBytes: 12 },
  { kind: 'lookup', source: 0, rows: 4, rowBytes: 12, table },
  { kind: 'move', source: 0, rows: 2, rowBytes: 6, fill: 0, dims: [12], pieces: [] },
]
const conv: Operator = {
  kind: 'conv',
  source: 0,
  rows: 7,
  rowBytes: 18,
  ...window,
  outputs: 6,
  groups: 2,
  dilationHeight: 1,
  dilationWidth: 3,
  inputZero: 9,
  ...output,
  weightsRoot: zeroHash,
}
const add: Operator = {
  kind: 'add',
  ...reads,
  other: 2,
  leftShift: 22,
  zero1: 1,
  multiplier1: 2 ** 31 - 1,
  shift1: 127,
  zero2: 255,
  multiplier2: -1,
  shift2: -1,
  ...scale,
  ...output,
}
const mul: Operator = { kind: 'mul', ...reads, other: 2, zero1: 1, zero2: 2, ...scale, ...output }
const pool: Operator = {
  kind: 'pool',
  source: 0,
  rows: 1,
  rowBytes: 8,
  mode: 'maximum',
  ...window,
  ...clamp,
}
const axes = [
  { low: 0, high: 2, stride: 12 },
  { low: 1, high: 3, stride: 1 },
]
const move: Operator = {
  kind: 'move',
  source: 1,
  rows: 2,
  rowBytes: 3,
  fill: 8,
  dims: [2, 3],
  pieces: [
    { source: 1, base: 34, axes },
    { source: 0, base: 999, axes: [axes[0]!, { low: 3, high: 3, stride: 9 }] },
  ],
}
const softmax: Operator = {
  kind: 'softmax',
  ...reads,
  depth: 6,
  multiplier: 2 ** 30,
  leftShift: 31,
  diffMin: -(2 ** 31),
}
const constant: Operator = { kind: 'constant', rows: 3, rowBytes: 5, weightsRoot: zeroHash }
const trees: Operator = {
  kind: 'trees',
  source: 0,
  rows: 3,
  rowBytes: 8,
  featureBytes: 2,
  values: 2,
  rowLength: 50,
  weightsRoot: zeroHash,
}
const sum: Operator = {
  kind: 'sum',
  source: 0,
  rows: 1,
  rowBytes: 12,
  outputs: 3,
  bias: Int32Array.of(1, 2, 3),
}
const every = [conv, add, mul, pool, move, softmax, constant, trees, sum]

const world = () => networkHelpers.loadFixture(deployVerifier)

type World = Awaited<ReturnType<typeof world>>

/** Validates a program that ends with `descriptor` as operator 3. */
function validate({ verifier }: World, descriptor: Uint8Array) {
  const descriptors = [...earlier.map(encodeOperator), descriptor]
  const list = descriptors.map((bytes) => bytesToHex(bytes))
  const data = encodeAbiParameters([{ type: 'bytes[]' }], [list])
  return verifier.read.validate([buildTree('PRG1', descriptors).root, data])
}

/** The descriptor of an operator, with one byte of its own. */
function withByte(operator: Operator, offset: number, byte: number) {
  return encodeOperator(operator).with(offset, byte)
}

const most = 2n ** 256n - 1n

test.each(every)('behavior: $kind passes as it is meant', async (operator) => {
  await validate(await world(), encodeOperator(operator))
})

test.each(every)('error: $kind with a byte too many or too few', async (operator) => {
  const here = await world()
  const descriptor = encodeOperator(operator)
  for (const bytes of [descriptor.slice(0, -1), Uint8Array.of(...descriptor, 0)]) {
    const args = [3, BigInt(bytes.length)]
    await refuses(here, validate(here, bytes), 'DescriptorMalformed', args)
  }
})

test.each(every)('error: $kind that produces nothing', async (operator) => {
  const here = await world()
  for (const size of [{ rows: 0 }, { rowBytes: 0 }]) {
    const bytes = encodeOperator({ ...operator, ...size } as Operator)
    await refuses(here, validate(here, bytes), 'ShapeMismatch', [3, 0n, 1n])
  }
})

describe('refuses', () => {
  const piece = (change: Partial<Piece>) => ({
    ...move,
    pieces: [{ source: 1, base: 34, axes, ...change }],
  })
  const axis = (change: Partial<(typeof axes)[number]>) =>
    piece({ axes: [axes[0]!, { ...axes[1]!, ...change }] })

  test.each<[string, object, string, unknown[]]>([
    ['lines of another length', { ...conv, width: 4 }, 'ShapeMismatch', [16n, 12n]],
    ['no groups', { ...conv, groups: 0 }, 'ParameterOutOfRange', [0n, 1n, most]],
    ['no outputs', { ...conv, outputs: 0 }, 'ParameterOutOfRange', [0n, 1n, most]],
    ['no kernel lines', { ...conv, kernelHeight: 0 }, 'ParameterOutOfRange', [0n, 1n, most]],
    ['no kernel places', { ...conv, kernelWidth: 0 }, 'ParameterOutOfRange', [0n, 1n, most]],
    ['no stride down', { ...conv, strideHeight: 0 }, 'ParameterOutOfRange', [0n, 1n, most]],
    ['no stride across', { ...conv, strideWidth: 0 }, 'ParameterOutOfRange', [0n, 1n, most]],
    ['no dilation down', { ...conv, dilationHeight: 0 }, 'ParameterOutOfRange', [0n, 1n, most]],
    ['no dilation across', { ...conv, dilationWidth: 0 }, 'ParameterOutOfRange', [0n, 1n, most]],
    ['channels in uneven groups', { ...conv, groups: 3 }, 'ShapeIndivisible', [4n, 3n]],
    ['outputs in uneven groups', { ...conv, outputs: 9 }, 'ShapeIndivisible', [9n, 2n]],
    ['part of a position', { ...conv, rowBytes: 19 }, 'ShapeIndivisible', [19n, 6n]],
    ['an operand of another shape', { ...add, rows: 2 }, 'ShapeMismatch', [2n, 4n]],
    ['an operand that is not there yet', { ...mul, other: 3 }, 'OperatorMismatch', [3, 2]],
    [
      'rows that do not repeat',
      { ...mul, source: 2, rows: 2, rowBytes: 6, other: 0 },
      'ShapeIndivisible',
      [2n, 4n],
    ],
    ['a shift too far', { ...add, leftShift: 23 }, 'ParameterOutOfRange', [23n, 0n, 22n]],
    ['a pool without stride', { ...pool, strideWidth: 0 }, 'ParameterOutOfRange', [0n, 1n, most]],
    ['a pool of other lines', { ...pool, channels: 5 }, 'ShapeMismatch', [15n, 12n]],
    ['part of a pool’s position', { ...pool, rowBytes: 9 }, 'ShapeIndivisible', [9n, 4n]],
    ['no dimensions', { ...move, dims: [], pieces: [] }, 'ParameterOutOfRange', [0n, 1n, 8n]],
    ['dimensions of another volume', { ...move, dims: [2, 4] }, 'ShapeMismatch', [8n, 6n]],
    ['a header of another source', { ...move, source: 0 }, 'OperatorMismatch', [0, 1]],
    ['a source without pieces', { ...move, pieces: [] }, 'OperatorMismatch', [1, 0]],
    ['a later source', piece({ source: 3 }), 'OperatorMismatch', [1, 3]],
    ['a box beyond the output', axis({ high: 4 }), 'ParameterOutOfRange', [4n, 1n, 3n]],
    [
      'a box that ends before it begins',
      axis({ low: 3, high: 2 }),
      'ParameterOutOfRange',
      [2n, 3n, 3n],
    ],
    ['a byte beyond the source', piece({ base: 35 }), 'ParameterOutOfRange', [48n, 0n, 47n]],
    ['a softmax of another shape', { ...softmax, rowBytes: 6 }, 'ShapeMismatch', [6n, 12n]],
    ['runs of nothing', { ...softmax, depth: 0 }, 'ParameterOutOfRange', [0n, 1n, 511n]],
    ['runs too long', { ...softmax, depth: 512 }, 'ParameterOutOfRange', [512n, 1n, 511n]],
    ['part of a run', { ...softmax, depth: 5 }, 'ShapeIndivisible', [12n, 5n]],
    [
      'a softmax shift too far',
      { ...softmax, leftShift: 32 },
      'ParameterOutOfRange',
      [32n, 0n, 31n],
    ],
    ['leaves of another length', { ...trees, values: 3 }, 'ShapeMismatch', [8n, 12n]],
    ['more than one row of sums', { ...sum, rows: 2 }, 'ShapeMismatch', [2n, 1n]],
    ['sums of another length', { ...sum, rowBytes: 8 }, 'ShapeMismatch', [8n, 12n]],
    ['part of an int32', { ...sum, source: 2 }, 'ShapeIndivisible', [6n, 4n]],
    [
      'part of a list of values',
      { ...sum, rowBytes: 20, outputs: 5, bias: new Int32Array(5) },
      'ShapeIndivisible',
      [12n, 5n],
    ],
  ])('error: %s', async (_what, operator, name, args) => {
    const here = await world()
    const values = name === 'OperatorMismatch' ? args : [3, ...args]
    await refuses(here, validate(here, encodeOperator(operator as Operator)), name, values)
  })

  test('error: what no encoder writes', async () => {
    const here = await world()
    const call = (operator: Operator, offset: number, byte: number) =>
      validate(here, withByte(operator, offset, byte))
    await refuses(here, call(pool, 11, 2), 'ParameterOutOfRange', [3, 2n, 0n, 1n])
    await refuses(here, call(trees, 11, 0), 'ParameterOutOfRange', [3, 0n, 1n, 2n])
    await refuses(here, call(trees, 11, 3), 'ParameterOutOfRange', [3, 3n, 1n, 2n])
    await refuses(here, call(constant, 2, 1), 'OperatorMismatch', [1, 0])
    await refuses(here, call(sum, 0, 12), 'UnknownOperatorKind', [12])
    await refuses(here, call(sum, 0, 0), 'DescriptorMalformed')
  })
})
