import { describe, expect, test } from 'vitest'

import { composeProgram } from '../program/composeProgram.ts'
import { encodeTree, treeLength } from '../program/encodeTree.ts'
import type {
  AddLayer,
  ConvLayer,
  Layer,
  MoveLayer,
  MulLayer,
  PoolLayer,
  TreesLayer,
} from '../program/Layer.ts'
import { foldZero } from '../program/weightRow.ts'
import { execute } from './execute.ts'

/** A multiplier and shift that change nothing. */
const unit = { multiplier: 2 ** 30, shift: 1 }
const open = { clampMin: 0, clampMax: 255 }
const square = { kernelHeight: 2, kernelWidth: 2, strideHeight: 1, strideWidth: 1 }

/** Runs layers on rows of bytes and returns the rows of the last tensor. */
function run(rows: number[][], ...layers: Layer[]) {
  const rowBytes = rows[0]!.length
  const program = composeProgram({ input: { rows: rows.length, rowBytes }, layers })
  const output = execute(program, Uint8Array.from(rows.flat())).at(-1)!
  const last = program.operators.at(-1)!
  return Array.from({ length: last.rows }, (_, row) =>
    Array.from(output.subarray(row * last.rowBytes, (row + 1) * last.rowBytes)),
  )
}

function int32s(...values: number[]) {
  const view = new DataView(new ArrayBuffer(4 * values.length))
  for (const [i, value] of values.entries()) view.setInt32(4 * i, value)
  return Array.from(new Uint8Array(view.buffer))
}

describe('conv', () => {
  /** Windows of 2 × 2 places; each output channel has its list of weights. */
  function conv(weights: number[][], rest: Partial<ConvLayer>): ConvLayer {
    return {
      kind: 'conv',
      source: 0,
      width: 2,
      channels: 1,
      groups: 1,
      ...square,
      dilationHeight: 1,
      dilationWidth: 1,
      padTop: 0,
      padLeft: 0,
      inputZero: 0,
      outputZero: 0,
      ...open,
      height: 1,
      outputWidth: 1,
      rows: weights.map((list) => ({ bias: 0, ...unit, weights: Int8Array.from(list) })),
      ...rest,
    }
  }

  test('behavior: takes the window line by line, place by place, channel by channel', () => {
    const image = [
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ]
    const weights = [1, 0, 0, 0, 0, 0, 0, 10]
    const ordered = conv([weights, weights.toReversed()], { channels: 2 })
    expect(run(image, ordered)).toEqual([[1 + 80, 10 + 8]])
    const third = conv([[0, 0, 1, 0, 0, 0, 0, 0]], { channels: 2 })
    expect(run(image, third)).toEqual([[3]])
  })

  test('behavior: taps outside the image are the zero byte', () => {
    const layer = conv([[1, 1, 1, 1]], {
      padTop: 1,
      padLeft: 1,
      inputZero: 7,
      height: 3,
      outputWidth: 3,
    })
    const image = [
      [1, 2],
      [3, 4],
    ]
    expect(run(image, layer)).toEqual([
      [22, 17, 23],
      [18, 10, 20],
      [24, 21, 25],
    ])
  })

  test('behavior: strides and dilations', () => {
    const image = Array.from({ length: 5 }, (_, y) => [0, 1, 2, 3, 4].map((x) => 10 * y + x))
    const shape = { width: 5, height: 2, outputWidth: 2 }
    const strided = conv([[1, 0, 0, 0]], { ...shape, strideHeight: 2, strideWidth: 3 })
    expect(run(image, strided)).toEqual([
      [0, 3],
      [20, 23],
    ])
    const dilated = conv([[0, 0, 0, 1]], { ...shape, dilationHeight: 3, dilationWidth: 2 })
    expect(run(image, dilated)).toEqual([
      [32, 33],
      [42, 43],
    ])
  })

  test('behavior: groups read their own channels', () => {
    const one = { width: 1, channels: 4, kernelHeight: 1, kernelWidth: 1 }
    const grouped = conv(
      [
        [1, 0],
        [0, 1],
        [1, 0],
        [1, 1],
      ],
      { ...one, groups: 2 },
    )
    expect(run([[1, 2, 3, 4]], grouped)).toEqual([[1, 2, 3, 7]])
    const depthwise = conv([[1], [2], [3], [4]], { ...one, groups: 4 })
    expect(run([[1, 2, 3, 4]], depthwise)).toEqual([[1, 4, 9, 16]])
  })

  test('behavior: a folded zero point makes padding count nothing', () => {
    const weights = Int8Array.of(3, -2, 5, 7)
    const rows = [{ bias: foldZero(4, weights, 100), ...unit, weights }]
    const layer = conv([], { padTop: 5, inputZero: 100, rows })
    expect(run([[9, 9]], layer)).toEqual([[4]])
  })
})

describe('pool', () => {
  const pool: PoolLayer = {
    kind: 'pool',
    source: 0,
    mode: 'average',
    width: 2,
    channels: 1,
    ...square,
    padTop: 0,
    padLeft: 0,
    ...open,
    height: 1,
    outputWidth: 1,
  }

  test('behavior: averages are rounded away from the middle of the range', () => {
    const wide = { ...pool, kernelHeight: 1 }
    expect(run([[129, 130]], wide)).toEqual([[130]])
    expect(run([[127, 126]], wide)).toEqual([[126]])
    expect(run([[128, 127]], wide)).toEqual([[127]])
    expect(run([[127, 129]], wide)).toEqual([[128]])
  })

  test('behavior: what lies outside the image is left out', () => {
    const padded = { ...pool, padTop: 1, padLeft: 1, height: 2, outputWidth: 2 }
    const image = [
      [138, 148],
      [158, 168],
    ]
    expect(run(image, padded)).toEqual([
      [138, 143],
      [148, 153],
    ])
    expect(run(image, { ...padded, mode: 'maximum' })).toEqual([
      [138, 148],
      [158, 168],
    ])
  })

  test('behavior: of nothing, the average is 128 and the maximum 0', () => {
    const away = { ...pool, padTop: 9 }
    expect(run([[1, 2]], away)).toEqual([[128]])
    expect(run([[1, 2]], { ...away, mode: 'maximum' })).toEqual([[0]])
  })

  test('behavior: channels apart, clamped', () => {
    const image = [[10, 200, 30, 250]]
    const layer: PoolLayer = { ...pool, mode: 'maximum', channels: 2, clampMin: 50, clampMax: 240 }
    expect(run(image, layer)).toEqual([[50, 240]])
  })
})

describe('add and mul', () => {
  const zeros = { zero1: 10, zero2: 20, outputZero: 30, ...open }
  const add: AddLayer = {
    kind: 'add',
    source: 0,
    other: 1,
    leftShift: 20,
    multiplier1: 2 ** 30,
    shift1: 0,
    multiplier2: 2 ** 30,
    shift2: -1,
    multiplier: 2 ** 30,
    shift: -18,
    ...zeros,
  }

  test('behavior: adds two scales', () => {
    // (50 − 10) / 2 and (60 − 20) / 4, the sum doubled.
    expect(run([[50]], { kind: 'constant', rows: [Uint8Array.of(60)] }, add)).toEqual([[90]])
  })

  test('behavior: the sum wraps as int32 does', () => {
    const most = { multiplier1: 2 ** 31 - 1, shift1: 1, multiplier2: 2 ** 31 - 1, shift2: 1 }
    const wide: AddLayer = { ...add, ...most, leftShift: 22, shift: -23 }
    // 245 · 2^23 and 235 · 2^23 make 240 · 2^24, which wraps to −16 · 2^24.
    const layers: Layer[] = [{ kind: 'constant', rows: [Uint8Array.of(255)] }, wide]
    expect(run([[255]], ...layers)).toEqual([[30 - 16]])
  })

  test('behavior: the other tensor repeats along rows and columns', () => {
    const mul: MulLayer = { kind: 'mul', source: 0, other: 1, ...unit, ...zeros, zero1: 0 }
    const pattern: Layer = { kind: 'constant', rows: [Uint8Array.of(21, 22)] }
    const image = [
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ]
    expect(run(image, pattern, mul)).toEqual([
      [31, 34, 33, 38],
      [35, 42, 37, 46],
    ])
  })

  test('behavior: products are signed', () => {
    const mul: MulLayer = { kind: 'mul', source: 0, other: 0, ...unit, ...zeros, zero2: 200 }
    expect(run([[9, 12]], mul)).toEqual([[221, 0]])
  })
})

describe('move', () => {
  const image = [
    [1, 2, 3],
    [4, 5, 6],
  ]
  const whole = (dim: number, stride: number) => ({ low: 0, high: dim, stride })
  const move: Omit<MoveLayer, 'rows' | 'rowBytes' | 'dims' | 'pieces'> = { kind: 'move', fill: 99 }

  test('behavior: transposes', () => {
    const pieces = [{ source: 0, base: 0, axes: [whole(3, 1), whole(2, 3)] }]
    const layer = { ...move, rows: 3, rowBytes: 2, dims: [3, 2], pieces }
    expect(run(image, layer)).toEqual([
      [1, 4],
      [2, 5],
      [3, 6],
    ])
  })

  test('behavior: pads, slices and joins; the first piece wins', () => {
    const pieces = [
      { source: 0, base: 1, axes: [{ low: 1, high: 3, stride: 1 }] },
      { source: 1, base: 0, axes: [{ low: 2, high: 5, stride: 0 }] },
    ]
    const layer = { ...move, rows: 1, rowBytes: 6, dims: [6], pieces }
    const constant: Layer = { kind: 'constant', rows: [Uint8Array.of(7)] }
    expect(run(image, constant, layer)).toEqual([[99, 2, 3, 7, 7, 99]])
  })

  test('behavior: without pieces, fills', () => {
    expect(run(image, { ...move, rows: 1, rowBytes: 2, dims: [2], pieces: [] })).toEqual([[99, 99]])
  })
})

describe('softmax', () => {
  const softmax = {
    kind: 'softmax',
    source: 0,
    depth: 2,
    multiplier: 2 ** 30,
    leftShift: 24,
    diffMin: -124,
  } as const

  test('behavior: equal bytes share, each run for itself', () => {
    expect(run([[9, 9, 200, 0]], softmax)).toEqual([[128, 128, 255, 0]])
  })

  test('behavior: one step of 1/8 is e^(−1/8)', () => {
    // 256 / (1 + e^(−1/8)) and the rest.
    expect(run([[101, 100]], softmax)).toEqual([[136, 120]])
  })

  test('behavior: what lies below the least difference counts nothing', () => {
    expect(run([[101, 100]], { ...softmax, diffMin: 0 })).toEqual([[255, 0]])
    expect(run([[101, 100]], { ...softmax, diffMin: 1 })).toEqual([[0, 0]])
  })

  test('behavior: the longest run of equal bytes has a reciprocal', () => {
    const row = Array.from({ length: 511 }, () => 5)
    expect(run([row], { ...softmax, depth: 511 })).toEqual([row.map(() => 1)])
  })
})

describe('trees and sum', () => {
  const stump = {
    nodes: [{ feature: 1, threshold: 100, below: { leaf: 0 }, otherwise: { leaf: 1 } }],
    leaves: [[-5], [7]],
  }
  const trees: TreesLayer = {
    kind: 'trees',
    source: 0,
    featureBytes: 1,
    values: 1,
    trees: [encodeTree(stump)],
  }

  test('behavior: below a threshold, and otherwise', () => {
    expect(run([[0, 99]], trees)).toEqual([int32s(-5)])
    expect(run([[0, 100]], trees)).toEqual([int32s(7)])
  })

  test('behavior: features of two bytes', () => {
    const deep = encodeTree({ ...stump, nodes: [{ ...stump.nodes[0]!, threshold: 1000 }] })
    const layer: TreesLayer = { ...trees, featureBytes: 2, trees: [deep] }
    expect(run([[0, 0, 3, 231]], layer)).toEqual([int32s(-5)])
    expect(run([[0, 0, 3, 232]], layer)).toEqual([int32s(7)])
    // Half a feature lies past the end.
    expect(run([[255, 255, 255]], layer)).toEqual([int32s(-5)])
  })

  test('behavior: walks to later nodes, and each row walks its own tree', () => {
    const deep = {
      nodes: [
        { feature: 0, threshold: 10, below: { node: 1 }, otherwise: { leaf: 2 } },
        { feature: 1, threshold: 10, below: { leaf: 1 }, otherwise: { leaf: 0 } },
      ],
      leaves: [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
    }
    const leaf = { nodes: [], leaves: [[8, -9]] }
    const length = treeLength(deep)
    const layer = {
      ...trees,
      values: 2,
      trees: [deep, leaf].map((tree) => encodeTree(tree, length)),
    }
    expect(run([[9, 9]], layer)).toEqual([int32s(3, 4), int32s(8, -9)])
    expect(run([[9, 10]], layer)[0]).toEqual(int32s(1, 2))
    expect(run([[10, 9]], layer)[0]).toEqual(int32s(5, 6))
  })

  test.each<[string, number[], number]>([
    ['a feature past the end', [0, 1, 0, 2, 0, 0, 0x80, 1, 0x80, 1], 1],
    ['a branch to itself', [0, 1, 0, 0, 0, 9, 0, 0, 0, 0], 1],
    ['a branch past the last node', [0, 1, 0, 0, 0, 9, 0, 1, 0, 1], 1],
  ])('behavior: %s ends at leaf 0', (_, nodes, leaf) => {
    const bytes = Uint8Array.from([...nodes, ...int32s(leaf), ...int32s(2)])
    expect(run([[0, 0]], { ...trees, trees: [bytes] })).toEqual([int32s(leaf)])
  })

  test('behavior: what lies past the end of a tree reads zeros', () => {
    const cut = Uint8Array.of(0, 1, 0, 0, 0, 9, 0x80, 0, 0x80, 5, 1, 2)
    expect(run([[8, 0]], { ...trees, trees: [cut] })).toEqual([[1, 2, 0, 0]])
    expect(run([[9, 0]], { ...trees, trees: [cut] })).toEqual([[0, 0, 0, 0]])
    expect(run([[9, 0]], { ...trees, trees: [Uint8Array.of(255)] })).toEqual([[0, 0, 0, 0]])
  })

  test('behavior: sums go round the outputs, begin with the bias and wrap', () => {
    const rows = [int32s(1, 2), int32s(3, 2 ** 31 - 1)]
    const bias = Int32Array.of(-10, 1)
    const layer: Layer = { kind: 'sum', source: 0, outputs: 2, bias }
    expect(run(rows, layer)).toEqual([int32s(-6, (2 ** 31 + 2) | 0)])
  })
})
