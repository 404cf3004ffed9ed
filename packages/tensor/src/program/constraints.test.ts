import { fail } from 'node:assert'
import { describe, expect, test } from 'vitest'

import { operatorExamples } from '../examples/operatorExamples.ts'
import { composeProgram } from './composeProgram.ts'
import { decodeOperator } from './decodeOperator.ts'
import { encodeOperator } from './encodeOperator.ts'
import { encodeTree } from './encodeTree.ts'
import {
  DescriptorLengthError,
  FieldError,
  FieldRangeError,
  OperatorError,
  ShapeError,
  SourceError,
  TreeError,
} from './errors.ts'
import type { MoveOperator, Operator } from './Operator.ts'

const { earlier, conv, add, mul, pool, move, softmax, constant, trees, sum } = operatorExamples
const { axes } = move.pieces[0]!
const operators = [conv, add, mul, pool, move, softmax, constant, trees, sum]

/** What is thrown when a descriptor is decoded as operator 3. */
function refusal(descriptor: Uint8Array): unknown {
  try {
    decodeOperator(descriptor, earlier)
  } catch (error) {
    return error
  }
  return fail('nothing was thrown')
}

test.each(operators)('behavior: $kind is decoded as it was encoded', (operator) => {
  expect(decodeOperator(encodeOperator(operator), earlier)).toEqual(operator)
})

test.each([
  [conv, 68],
  [add, 23],
  [mul, 12],
  [pool, 23],
  [move, 11 + 2 * (6 + 24)],
  [softmax, 13],
  [constant, 32],
  [trees, 39],
  [sum, 16],
])('behavior: $kind takes the bytes of its fields, in big-endian order', (operator, length) => {
  const descriptor = encodeOperator(operator)
  expect(descriptor.length).toBe(11 + length)
  for (const bytes of [descriptor.subarray(0, -1), Uint8Array.of(...descriptor, 0)]) {
    expect(refusal(bytes)).toBeInstanceOf(DescriptorLengthError)
  }
  for (const cut of [11, 12, 13, 14, 20]) {
    expect(refusal(descriptor.subarray(0, cut))).toBeInstanceOf(DescriptorLengthError)
  }
})

test('behavior: a convolution lies as documented', () => {
  const hex = Buffer.from(encodeOperator(conv)).toString('hex')
  const fields =
    '00000003 00000004 00000006 00000002 0002 0003 0001 0002 0001 0003 0005 0006 09 01 02 03'
  const header = '03 0000 00000007 00000012'
  expect(hex).toBe(`${header}${fields}${'00'.repeat(32)}`.replaceAll(' ', ''))
})

describe('refuses what no operator is', () => {
  const piece = { ...move.pieces[0]!, source: 0 }
  const bent = (axis: Partial<(typeof axes)[number]>): MoveOperator => ({
    ...move,
    source: 0,
    pieces: [{ ...piece, axes: [axes[0]!, { ...axes[1]!, ...axis }] }],
  })
  test.each<[string, Operator, new (...values: never[]) => OperatorError, string]>([
    ['a line of another length', { ...conv, width: 4 }, ShapeError, 'width · channels'],
    ['no groups', { ...conv, groups: 0 }, FieldError, 'groups'],
    ['channels in uneven groups', { ...conv, groups: 3 }, ShapeError, 'channels'],
    ['outputs in uneven groups', { ...conv, outputs: 9, groups: 2 }, ShapeError, 'outputs'],
    ['no outputs', { ...conv, outputs: 0 }, FieldError, 'outputs'],
    ['half a position', { ...conv, rowBytes: 19 }, ShapeError, 'rowBytes'],
    ['no kernel lines', { ...conv, kernelHeight: 0 }, FieldError, 'kernelHeight'],
    ['no kernel places', { ...pool, kernelWidth: 0 }, FieldError, 'kernelWidth'],
    ['no stride', { ...conv, strideHeight: 0 }, FieldError, 'strideHeight'],
    ['no stride across', { ...pool, strideWidth: 0 }, FieldError, 'strideWidth'],
    ['no dilation', { ...conv, dilationHeight: 0 }, FieldError, 'dilationHeight'],
    ['no dilation across', { ...conv, dilationWidth: 0 }, FieldError, 'dilationWidth'],
    ['half a place', { ...pool, rowBytes: 9 }, ShapeError, 'rowBytes'],
    ['a pool of another line', { ...pool, channels: 3 }, ShapeError, 'width · channels'],
    ['a sum of other rows', { ...add, rows: 2 }, ShapeError, 'rows'],
    ['a product of other columns', { ...mul, rowBytes: 6 }, ShapeError, 'rowBytes'],
    ['itself as the other', { ...mul, other: 3 }, SourceError, 'other'],
    ['a left shift of 23', { ...add, leftShift: 23 }, FieldError, 'leftShift'],
    ['dims of another volume', { ...move, dims: [2, 4] }, ShapeError, 'product of dims'],
    ['no dims', { ...move, dims: [], pieces: [], source: 0 }, FieldError, 'rank'],
    ['nine dims', { ...move, dims: [1, 1, 1, 1, 1, 1, 1, 2, 3], pieces: [] }, FieldError, 'rank'],
    [
      'sixty-five pieces',
      { ...move, pieces: Array.from({ length: 65 }, () => move.pieces[0]!) },
      FieldError,
      'count',
    ],
    ['another source than its first piece', { ...move, source: 0 }, SourceError, 'source'],
    ['a source without pieces', { ...move, pieces: [] }, SourceError, 'source'],
    ['a box beyond its axis', bent({ high: 4 }), FieldError, 'pieces[0].axes[1].high'],
    ['a box inside out', bent({ low: 3, high: 2 }), FieldError, 'pieces[0].axes[1].low'],
    ['a byte past the source', bent({ stride: 2 }), ShapeError, 'last byte read by pieces[0]'],
    [
      'a piece of itself',
      { ...move, pieces: [move.pieces[0]!, { ...piece, source: 3 }] },
      SourceError,
      'pieces[1].source',
    ],
    ['a softmax of another shape', { ...softmax, rowBytes: 6 }, ShapeError, 'rowBytes'],
    ['half a run', { ...softmax, depth: 5 }, ShapeError, 'rowBytes'],
    ['no run', { ...softmax, depth: 0 }, FieldError, 'depth'],
    ['a run of 512', { ...softmax, depth: 512 }, FieldError, 'depth'],
    ['a left shift of 32', { ...softmax, leftShift: 32 }, FieldError, 'leftShift'],
    ['leaves of another length', { ...trees, values: 3 }, ShapeError, 'rowBytes'],
    ['a sum of another length', { ...sum, rowBytes: 8 }, ShapeError, 'rowBytes'],
    ['half an int32', { ...sum, source: 2 }, ShapeError, 'rowBytes of the source'],
    [
      'sums of uneven lists',
      { ...sum, outputs: 5, rowBytes: 20, bias: new Int32Array(5) },
      ShapeError,
      'values of the source',
    ],
  ])('error: %s', (_, operator, error, field) => {
    const thrown = refusal(encodeOperator(operator))
    expect(thrown).toBeInstanceOf(error)
    expect(thrown).toMatchObject({ operator: 3, field })
  })

  test.each<[string, Operator, number, number, string]>([
    ['a third mode of a pool', pool, 11, 2, 'mode'],
    ['features of no bytes', trees, 11, 0, 'featureBytes'],
    ['features of three bytes', trees, 11, 3, 'featureBytes'],
    ['a constant that reads', constant, 2, 1, 'source'],
    ['two rows of sums', sum, 6, 2, 'rows'],
  ])('error: %s', (_, operator, offset, value, field) => {
    const thrown = refusal(encodeOperator(operator).with(offset, value))
    expect(thrown).toBeInstanceOf(OperatorError)
    expect(thrown).toMatchObject({ operator: 3, field, found: value })
  })

  test('error: a sum of as many outputs as fit no memory', () => {
    const huge = encodeOperator(sum).with(11, 0xff)
    expect(refusal(huge)).toBeInstanceOf(DescriptorLengthError)
  })

  test('error: another tensor that does not repeat to the shape', () => {
    const others = earlier.with(2, { ...earlier[2]!, rows: 3 } as Operator)
    const columns = earlier.with(2, { ...earlier[2]!, rowBytes: 5 } as Operator)
    const decode = (list: Operator[]) => () => decodeOperator(encodeOperator(add), list)
    expect(decode(others)).toThrow(
      expect.objectContaining({ field: 'rows of the other tensor', found: 3 }),
    )
    expect(decode(columns)).toThrow(
      expect.objectContaining({ field: 'rowBytes of the other tensor', found: 5 }),
    )
  })

  test('behavior: an empty box may point anywhere', () => {
    const empty = bent({ low: 2, high: 2, stride: 2 ** 32 - 1 })
    expect(decodeOperator(encodeOperator(empty), earlier)).toEqual(empty)
  })

  test('behavior: volumes beyond doubles are told apart', () => {
    const rows = 2 ** 32 - 1
    const wide: Operator[] = [{ kind: 'input', rows, rowBytes: rows }]
    const odd = { ...move, source: 0, rows, rowBytes: rows, pieces: [] }
    const decode = (dims: number[]) => () => decodeOperator(encodeOperator({ ...odd, dims }), wide)
    expect(decode([rows, rows])).not.toThrow()
    expect(decode([rows, rows - 2, 1])).toThrow(ShapeError)
    // (2^32 − 1)^2 less one is a product of 2^32 and 2^32 − 2.
    expect(decode([2 ** 31, 2, rows - 1])).toThrow(ShapeError)
  })
})

test.each<[Operator, string]>([
  [{ ...conv, padTop: 65_536 }, 'padTop'],
  [{ ...conv, rows: 2 ** 32 }, 'rows'],
  [{ ...mul, shift: 128 }, 'shift'],
  [{ ...mul, multiplier: 2 ** 31 }, 'multiplier'],
  [{ ...add, zero1: -1 }, 'zero1'],
  [{ ...softmax, depth: 0.5 }, 'depth'],
  [{ ...earlier[1]!, table: new Uint8Array(255) } as Operator, 'table'],
])('error: a value that its field does not hold', (operator, field) => {
  expect(() => encodeOperator(operator)).toThrow(expect.objectContaining({ field }))
  expect(() => encodeOperator(operator)).toThrow(FieldRangeError)
})

test('error: layers whose weights do not fit', () => {
  const input = { rows: 4, rowBytes: 12 }
  const neuron = { bias: 0, multiplier: 0, shift: 0, weights: new Int8Array(11) }
  const { rows, rowBytes, outputs, weightsRoot, ...rest } = conv
  const shape = { height: 1, outputWidth: 1 }
  const compose = (layer: Parameters<typeof composeProgram>[0]['layers'][number]) => () =>
    composeProgram({ input, layers: [layer] })
  expect(compose({ ...rest, ...shape, rows: [neuron, neuron] })).toThrow(ShapeError)
  expect(compose({ ...rest, ...shape, rows: [] })).toThrow(ShapeError)
  expect(compose({ kind: 'constant', rows: [] })).toThrow(ShapeError)
  expect(compose({ kind: 'constant', rows: [new Uint8Array(1), new Uint8Array(2)] })).toThrow(
    ShapeError,
  )
  expect(
    compose({
      kind: 'trees',
      source: 0,
      featureBytes: 1,
      values: 1,
      trees: [new Uint8Array(6), new Uint8Array(14)],
    }),
  ).toThrow(ShapeError)
})

describe('encodeTree', () => {
  const leaves = [[1], [-2]]
  const node = { feature: 3, threshold: 256, below: { leaf: 1 }, otherwise: { leaf: 0 } }

  test('default', () => {
    const hex = Buffer.from(encodeTree({ nodes: [node], leaves }, 20)).toString('hex')
    expect(hex).toBe('0001 0003 0100 8001 8000 00000001 fffffffe 0000'.replaceAll(' ', ''))
  })

  test.each([
    { nodes: [{ ...node, below: { node: 0 } }], leaves },
    { nodes: [{ ...node, otherwise: { node: 1 } }], leaves },
    { nodes: [{ ...node, otherwise: { leaf: 2 } }], leaves },
    { nodes: [{ ...node, feature: 65_536 }], leaves },
    { nodes: [{ ...node, threshold: -1 }], leaves },
    { nodes: [], leaves: [[1], [1, 2]] },
    { nodes: [], leaves: [[2 ** 31]] },
    { nodes: Array.from({ length: 2 ** 15 }, () => node), leaves },
  ])('error: what is no tree', (tree) => {
    expect(() => encodeTree(tree)).toThrow(TreeError)
  })

  test('error: a length that is too short', () => {
    expect(() => encodeTree({ nodes: [node], leaves }, 17)).toThrow(TreeError)
  })
})
