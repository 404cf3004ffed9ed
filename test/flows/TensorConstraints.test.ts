import { buildTree } from '@assay/protocol/tree'
import { encodeOperator, type Operator, type Piece } from '@assay/tensor'
import { operatorExamples } from '@assay/tensor/examples'
import { bytesToHex, encodeAbiParameters } from 'viem'
import { describe, test } from 'vitest'

import { deployVerifier, networkHelpers } from '../contracts/TensorVerifier/fixtures.ts'
import { refuses } from '../contracts/TensorVerifier/refusals.ts'

const { earlier, conv, add, mul, pool, move, softmax, constant, trees, sum } = operatorExamples
const { axes } = move.pieces[0]!
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
