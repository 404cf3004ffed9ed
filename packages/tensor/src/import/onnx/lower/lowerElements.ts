import { quantizeMultiplier } from '../../../arithmetic/quantizeMultiplier.ts'
import { quantisationOf, quantise } from '../../../quantise/Quantisation.ts'
import { broadcastIndex } from '../evaluate/broadcast.ts'
import { binaryFunctions } from '../evaluate/evaluateElements.ts'
import { refuse } from '../node.ts'
import type { OnnxNode } from '../OnnxModel.ts'
import { sizeOf, type Tensor } from '../Tensor.ts'
import type { Value } from './Builder.ts'
import { clampOf } from './clamp.ts'
import type { Lowering } from './Lowering.ts'
import { bytesOf, cut, merge, rowMajor } from './layout.ts'
import { lowerFunction } from './lowerLookup.ts'

/** Bits by which both operands of a sum are scaled up. */
const leftShift = 20

/** Add, Sub, Mul, Div, Pow: tables where one side is one number; else sums and products, and their inverses by constants. */
export function lowerBinary(node: OnnxNode, lowering: Lowering): void {
  const [a = '', b = ''] = node.inputs
  const [left, right] = [lowering.constantOf(a), lowering.constantOf(b)]
  const apply = binaryFunctions[node.operator]!
  if (right?.data.length === 1)
    return lowerFunction(node, lowering, a, (x) => apply(x, right.data[0]!))
  if (left?.data.length === 1)
    return lowerFunction(node, lowering, b, (x) => apply(left.data[0]!, x))
  switch (node.operator) {
    case 'Add':
    case 'Mul':
      return left === undefined
        ? lowerPair(node, lowering, node.operator, a, right ?? b)
        : lowerPair(node, lowering, node.operator, b, left)
    case 'Sub':
      if (right !== undefined)
        return lowerPair(
          node,
          lowering,
          'Add',
          a,
          inverse(right, (x) => -x),
        )
      break
    case 'Div':
      if (right !== undefined)
        return lowerPair(
          node,
          lowering,
          'Mul',
          a,
          inverse(right, (x) => 1 / x),
        )
  }
  refuse(node, 'its second input', 'computed', 'constant')
}

function inverse(tensor: Tensor, apply: (x: number) => number): Tensor {
  return { type: tensor.type, dims: tensor.dims, data: Float64Array.from(tensor.data, apply) }
}

function lowerPair(
  node: OnnxNode,
  lowering: Lowering,
  operator: 'Add' | 'Mul',
  first: string,
  second: string | Tensor,
) {
  const dims = lowering.dimsOf(node.outputs[0]!)
  const [a, b] =
    typeof second === 'string' && sizeOf(lowering.dimsOf(first)) < sizeOf(lowering.dimsOf(second))
      ? [second, first]
      : [first, second]
  const source = lowering.read(a)
  if (sizeOf(source.dims) !== sizeOf(dims)) {
    refuse(node, 'its shapes', 'both repeated', 'one of the shape of the output')
  }
  const full = { ...source, dims }
  const other =
    typeof b === 'string'
      ? pairedWith(node, lowering, full, lowering.read(b))
      : constantBeside(node, lowering, full, b)
  const tail = lowering.takeTail(node)
  const layer = operator === 'Add' ? sumOf : productOf
  const tensor = lowering.builder.add(layer(node, full, other, tail), full)
  lowering.place(tail.name, { ...full, tensor, quantisation: tail.quantisation })
}

type End = Parameters<typeof clampOf>[0] & { quantisation: Value['quantisation'] }

function sumOf(node: OnnxNode, first: Value, second: Value, end: End) {
  const [one, two] = [first.quantisation, second.quantisation]
  const twice = 2 * Math.max(one.scale, two.scale)
  const [left, right] = [
    quantizeMultiplier(one.scale / twice),
    quantizeMultiplier(two.scale / twice),
  ]
  const sum = quantizeMultiplier(twice / (2 ** leftShift * end.quantisation.scale))
  if (sum.shift > 0)
    refuse(node, 'ratio of its scales', twice / end.quantisation.scale, `below 2^${leftShift}`)
  return {
    ...({ kind: 'add', source: first.tensor, other: second.tensor, leftShift } as const),
    ...{ zero1: one.zero, multiplier1: left.multiplier, shift1: left.shift },
    ...{ zero2: two.zero, multiplier2: right.multiplier, shift2: right.shift },
    ...sum,
    ...clampOf(end, end.quantisation),
  }
}

function productOf(node: OnnxNode, first: Value, second: Value, end: End) {
  const [one, two] = [first.quantisation, second.quantisation]
  const real = (one.scale * two.scale) / end.quantisation.scale
  const { multiplier, shift } = quantizeMultiplier(real)
  if (shift > 14) refuse(node, 'ratio of its scales', real, 'below 2^14')
  return {
    ...({ kind: 'mul', source: first.tensor, other: second.tensor } as const),
    ...{ zero1: one.zero, zero2: two.zero, multiplier, shift },
    ...clampOf(end, end.quantisation),
  }
}

/** Returns a value in a shape and order that repeats to that of another; moves it where it does not. */
function pairedWith(node: OnnxNode, lowering: Lowering, full: Value, other: Value): Value {
  const wanted = wantedBytes(node, full, other.dims, bytesOf(other.layout))
  const { rows, rowBytes } = other
  const repeats = full.rows % rows === 0 && full.rowBytes % rowBytes === 0
  const isPaired = wanted.every((byte, i) => {
    const [row, column] = [Math.floor(i / full.rowBytes), i % full.rowBytes]
    return byte === (row % rows) * rowBytes + (column % rowBytes)
  })
  if (repeats && isPaired) return other
  const strides = repeatedStrides(node, full, other)
  const axes = strides.map(({ size, stride }) => ({ low: 0, high: size, stride }))
  const shape = { rows: full.rows, rowBytes: full.rowBytes }
  const pieces = [{ source: other.tensor, base: 0, axes }]
  const dims = strides.map(({ size }) => size)
  const tensor = lowering.builder.add({ kind: 'move', ...shape, fill: 0, dims, pieces }, shape)
  return { ...full, tensor, quantisation: other.quantisation }
}

/** For each byte of `full`, the byte of what repeats to its shape. */
function wantedBytes(
  node: OnnxNode,
  full: Value,
  dims: readonly number[],
  bytes: ArrayLike<number>,
) {
  const index = broadcastIndex(node, dims, full.dims)
  const places = bytesOf(full.layout)
  const wanted = new Int32Array(index.length)
  for (let i = 0; i < index.length; i += 1) wanted[places[i]!] = bytes[index[i]!]!
  return wanted
}

function repeatedStrides(node: OnnxNode, full: Value, other: Value) {
  const own = [...full.dims.slice(other.dims.length).map(() => 1), ...other.dims]
  const [target, parts] = [cut(full.layout, full.dims), cut(other.layout, own)]
  const pairs = target?.flatMap((factors, axis) => {
    const mine = merge(parts?.[axis] ?? [])
    if (factors.length === 0) return []
    if (factors.length > 1 || mine.length > 1) return [undefined]
    const [{ size, stride: order }, [from]] = [factors[0]!, mine]
    return [{ size, order, stride: own[axis] === 1 ? 0 : from!.stride }]
  })
  if (parts === undefined || pairs === undefined || pairs.includes(undefined)) {
    return refuse(node, 'order of its elements', 'split within an axis', 'that of whole axes')
  }
  return pairs.map((pair) => pair!).toSorted((a, b) => b.order - a.order)
}

/** Adds a constant in the order of another value, as small as its repetition allows. */
function constantBeside(node: OnnxNode, lowering: Lowering, full: Value, tensor: Tensor): Value {
  const data = tensor.data
  const [min, max] = [
    data.reduce((a, b) => Math.min(a, b), 0),
    data.reduce((a, b) => Math.max(a, b), 0),
  ]
  const stored = tensor.quantised
  const isStored =
    stored?.scales.length === 1 &&
    (stored.integers instanceof Int8Array || stored.integers instanceof Uint8Array)
  const offset = stored?.integers instanceof Int8Array ? 128 : 0
  const quantisation = isStored
    ? { scale: stored!.scales[0]!, zero: stored!.zeroPoints[0]! + offset }
    : quantisationOf(min, max)
  const bytes = Uint8Array.from(data, (x, i) =>
    isStored ? stored!.integers[i]! + offset : quantise(quantisation, x),
  )
  const all = Uint8Array.from(wantedBytes(node, full, tensor.dims, bytes))
  const lines = Array.from({ length: full.rows }, (_, row) =>
    all.subarray(row * full.rowBytes, (row + 1) * full.rowBytes),
  )
  const isOneLine = lines.every((line) => line.every((byte, i) => byte === lines[0]![i]))
  const rows = isOneLine ? [lines[0]!.slice(0, periodOf(lines[0]!))] : lines
  const shape = { rows: rows.length, rowBytes: rows[0]!.length }
  lowering.builder.reserveRows(shape.rows, shape.rowBytes)
  const number = lowering.builder.add({ kind: 'constant', rows }, shape)
  const dims = [shape.rows, shape.rowBytes]
  return { tensor: number, ...shape, dims, layout: rowMajor(dims), quantisation }
}

function periodOf(line: Uint8Array): number {
  for (let period = 1; period <= line.length / 2; period += 1) {
    if (line.length % period === 0 && line.every((byte, i) => byte === line[i % period]))
      return period
  }
  return line.length
}
