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

/** Shape of a tensor. */
export type Shape = { rows: number; rowBytes: number }

/** Nodes of a tree of `count` leaves, the leaves included. */
export function nodeCount(count: number): number {
  let nodes = count
  for (let width = count; width > 1; ) {
    width = Math.ceil(width / 2)
    nodes += width
  }
  return nodes
}

/** Reserves memory for tensors of these shapes, their trees and hashes: equal shapes always get the same addresses. */
export function layOut(shapes: readonly Shape[], arena: Arena): Layout {
  const placeOf = ({ rows, rowBytes }: Shape): Place => ({
    address: arena.allocate(rows * rowBytes),
    rows,
    rowBytes,
  })
  return {
    places: shapes.map(placeOf),
    nodes: shapes.map(({ rows }) => arena.allocate(32 * nodeCount(rows))),
    roots: arena.allocate(32 * shapes.length),
    traceNodes: arena.allocate(32 * nodeCount(shapes.length - 1)),
    traceRoot: arena.allocate(32),
    outputHash: arena.allocate(32),
  }
}
