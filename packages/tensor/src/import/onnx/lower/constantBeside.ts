import { quantisationOf } from '../../../quantise/Quantisation.ts'
import type { Coding, Value } from '../Graph.ts'
import { rowMajor } from '../layout.ts'
import type { OnnxNode } from '../OnnxModel.ts'
import type { Tensor } from '../Tensor.ts'
import { toByte } from '../toByte.ts'
import type { Lowering } from './Lowering.ts'
import { repeatedBytes } from './pairedWith.ts'

/** Adds a constant in the order of another value, as small as its repetition allows. */
export function constantBeside(
  node: OnnxNode,
  { graph, report }: Lowering,
  full: Value,
  tensor: Tensor,
): Value {
  const { coding, bytes } = storedBytes(tensor) ?? quantisedBytes(tensor)
  if (full.coding.isStored && !coding.isStored) report(node, 'its constant is given 8 bits')
  const all = Uint8Array.from(repeatedBytes(node, full, tensor.dims, bytes))
  const lines = Array.from({ length: full.rows }, (_, row) =>
    all.subarray(row * full.rowBytes, (row + 1) * full.rowBytes),
  )
  const isOneLine = lines.every((line) => line.every((byte, i) => byte === lines[0]![i]))
  const placed = graph.addConstant(isOneLine ? [onePeriod(lines[0]!)] : lines)
  const dims = [placed.rows, placed.rowBytes]
  return { ...placed, dims, layout: rowMajor(dims), coding }
}

type Coded = { coding: Coding; bytes: Uint8Array }

/** Bytes of a constant that the model has as integers of 8 bits. */
function storedBytes({ quantised }: Tensor): Coded | undefined {
  const { integers, scales, zeroPoints } = quantised ?? {}
  if (scales?.length !== 1) return undefined
  if (!(integers instanceof Int8Array || integers instanceof Uint8Array)) return undefined
  const offset = integers instanceof Int8Array ? 128 : 0
  const coding = { scale: scales[0]!, zero: zeroPoints![0]! + offset, isStored: true }
  return { coding, bytes: Uint8Array.from(integers, (integer) => integer + offset) }
}

function quantisedBytes({ data }: Tensor): Coded {
  let [min, max] = [0, 0]
  for (const x of data) [min, max] = [Math.min(min, x), Math.max(max, x)]
  const coding = { ...quantisationOf(min, max), isStored: false }
  return { coding, bytes: Uint8Array.from(data, (x) => toByte(coding, x)) }
}

/** Returns the shortest start of a line that repeats to the whole. */
function onePeriod(line: Uint8Array): Uint8Array {
  for (let period = 1; period <= line.length / 2; period += 1) {
    const repeats = () => line.every((byte, i) => byte === line[i % period])
    if (line.length % period === 0 && repeats()) return line.slice(0, period)
  }
  return line
}
