import type { Hash } from 'viem'

import { computeTensor } from '../engine/computeTensor.ts'
import type { Program } from '../program/Program.ts'
import { joinRows } from '../trace/joinRows.ts'
import type { Tensor, Trace } from '../trace/Trace.ts'

/** Where a committed trace contradicts itself or the claim: what `prove`, `proveRow` or `proveOutput` shows. */
export type Inconsistency =
  | {
      kind: 'element'
      tensor: number
      row: number
      column: number
      committed: number
      computed: number
    }
  | { kind: 'row'; tensor: number; row: number; length: number; expected: number }
  | { kind: 'output'; tracedHash: Hash; claimedHash: Hash }

export type FindInconsistencyParameters = {
  program: Program
  /** What the operator committed to. */
  trace: Trace
  /** Output hash of the claim. */
  outputHash: Hash
}

/** Returns the first inconsistency of a committed trace; null means that the claim is right. */
export function findInconsistency(parameters: FindInconsistencyParameters): Inconsistency | null {
  const { program, trace, outputHash } = parameters
  const joined: Uint8Array[] = []
  for (const [tensor, rows] of trace.tensors.entries()) {
    const found = findRow(program, tensor, rows) ?? findElement(program, tensor, rows, joined)
    if (found !== null) return found
    joined.push(joinRows(rows))
  }
  if (trace.outputHash === outputHash) return null
  return { kind: 'output', tracedHash: trace.outputHash, claimedHash: outputHash }
}

function findRow(program: Program, tensor: number, rows: Tensor): Inconsistency | null {
  const expected = program.operators[tensor]!.rowBytes
  for (const [row, { length }] of rows.entries()) {
    if (length !== expected) return { kind: 'row', tensor, row, length, expected }
  }
  return null
}

/** Recomputes a tensor from the committed ones before it, whether those are right or not. */
function findElement(
  program: Program,
  tensor: number,
  rows: Tensor,
  earlier: readonly Uint8Array[],
): Inconsistency | null {
  if (tensor === 0) return null
  const { rowBytes } = program.operators[tensor]!
  const computed = computeTensor(program, tensor, earlier)
  for (const [row, committed] of rows.entries()) {
    const expected = computed.subarray(row * rowBytes, (row + 1) * rowBytes)
    const column = committed.findIndex((byte, i) => byte !== expected[i])
    if (column < 0) continue
    const values = { committed: committed[column]!, computed: expected[column]! }
    return { kind: 'element', tensor, row, column, ...values }
  }
  return null
}
