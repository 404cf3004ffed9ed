import type { Operator } from '../program/Operator.ts'
import type { Program } from '../program/Program.ts'
import type { Arena } from './Arena.ts'
import type { Place } from './Step.ts'

/** Where the tensors of a program and what commits to them are; each of the two lies in one piece. */
export type Layout = {
  /** By tensor: the rows. */
  places: readonly Place[]
  /** By tensor: leaf hashes, then the nodes of every level above them. */
  nodes: readonly number[]
  /** Roots of the tensors, 32 bytes each; the leaves of the trace are all but the first. */
  roots: number
  /** Nodes of the trace tree, its root, and the hash of the output. */
  traceNodes: number
  traceRoot: number
  outputHash: number
}

/** Nodes of a tree of `count` leaves, the leaves included. */
export function nodeCount(count: number): number {
  let nodes = count
  for (let width = count; width > 1; ) {
    width = Math.ceil(width / 2)
    nodes += width
  }
  return nodes
}

/** Reserves memory for all tensors, trees and hashes of a program. */
export function layOut({ operators }: Program, arena: Arena): Layout {
  const placeOf = ({ rows, rowBytes }: Operator): Place => ({
    address: arena.allocate(rows * rowBytes),
    rows,
    rowBytes,
  })
  return {
    places: operators.map(placeOf),
    nodes: operators.map(({ rows }) => arena.allocate(32 * nodeCount(rows))),
    roots: arena.allocate(32 * operators.length),
    traceNodes: arena.allocate(32 * nodeCount(operators.length - 1)),
    traceRoot: arena.allocate(32),
    outputHash: arena.allocate(32),
  }
}
