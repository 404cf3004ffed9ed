import type { Node } from '@assay/protocol'
import { BaseError } from '@assay/protocol'

/** Coordinates name no element, row or tensor of the program. */
export class CoordinateError extends BaseError {
  override name = 'CoordinateError'
  readonly subject: string
  readonly found: number
  readonly count: number

  constructor(subject: string, found: number, count: number) {
    super(`There is no ${subject} ${found}; the program has ${count}.`)
    this.subject = subject
    this.found = found
    this.count = count
  }
}

/** A node names no tree or leaf of the program. */
export class NodeError extends BaseError {
  override name = 'NodeError'
  readonly node: Node

  constructor(node: Node) {
    super(`Tree ${node.tree} of index ${node.index} has no leaf ${node.leaf} in this program.`)
    this.node = node
  }
}

/** A node can be demanded only once its parents are known. */
export class ParentUnknownError extends BaseError {
  override name = 'ParentUnknownError'
  readonly needed: string

  constructor(needed: string) {
    super(`The demand needs ${needed}, which its parent's supply publishes.`)
    this.needed = needed
  }
}

/** What was supplied does not belong to the program or the claim. */
export class SupplyError extends BaseError {
  override name = 'SupplyError'
}
