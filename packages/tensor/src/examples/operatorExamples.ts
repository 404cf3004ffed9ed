import { zeroHash } from 'viem'

import type {
  AddOperator,
  ConstantOperator,
  ConvOperator,
  MoveOperator,
  MulOperator,
  Operator,
  PoolOperator,
  SoftmaxOperator,
  SumOperator,
  TreesOperator,
} from '../program/Operator.ts'

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

/** Tensors 0, 1 and 2, which the operators below may follow as operator 3. */
const earlier: readonly Operator[] = [
  { kind: 'input', rows: 4, rowBytes: 12 },
  { kind: 'lookup', source: 0, rows: 4, rowBytes: 12, table },
  { kind: 'move', source: 0, rows: 2, rowBytes: 6, fill: 0, dims: [12], pieces: [] },
]
const conv: ConvOperator = {
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
const add: AddOperator = {
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
const mul: MulOperator = {
  kind: 'mul',
  ...reads,
  other: 2,
  zero1: 1,
  zero2: 2,
  ...scale,
  ...output,
}
const pool: PoolOperator = {
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
const move: MoveOperator = {
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
const softmax: SoftmaxOperator = {
  kind: 'softmax',
  ...reads,
  depth: 6,
  multiplier: 2 ** 30,
  leftShift: 31,
  diffMin: -(2 ** 31),
}
const constant: ConstantOperator = { kind: 'constant', rows: 3, rowBytes: 5, weightsRoot: zeroHash }
const trees: TreesOperator = {
  kind: 'trees',
  source: 0,
  rows: 3,
  rowBytes: 8,
  featureBytes: 2,
  values: 2,
  rowLength: 50,
  weightsRoot: zeroHash,
}
const sum: SumOperator = {
  kind: 'sum',
  source: 0,
  rows: 1,
  rowBytes: 12,
  outputs: 3,
  bias: Int32Array.of(1, 2, 3),
}

/** One operator of each kind that needs more than a table or neurons, with an unlike value in each of its fields. */
export const operatorExamples = {
  earlier,
  conv,
  add,
  mul,
  pool,
  move,
  softmax,
  constant,
  trees,
  sum,
}
