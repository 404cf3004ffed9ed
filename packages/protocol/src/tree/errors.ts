import { BaseError } from '../errors/BaseError.ts'

/** A tree, or a count of its leaves, is not one that positional trees have. */
export class LeafCountError extends BaseError {
  override name = 'LeafCountError'
  readonly count: number

  constructor(count: number) {
    super(`A tree has at least 1 leaf and a safe integer of them, not ${count}.`)
    this.count = count
  }
}

/** An index names no leaf of the tree. */
export class LeafIndexError extends BaseError {
  override name = 'LeafIndexError'
  readonly index: number
  readonly count: number

  constructor(index: number, count: number) {
    super(`Leaf ${index} is not one of the tree's ${count} leaves.`)
    this.index = index
    this.count = count
  }
}

/** A path does not have one sibling per level of the tree. */
export class PathLengthError extends BaseError {
  override name = 'PathLengthError'
  readonly length: number
  readonly depth: number

  constructor(length: number, depth: number) {
    super(`The path has ${length} siblings; the tree needs ${depth}.`)
    this.length = length
    this.depth = depth
  }
}

/** A hash does not have 32 bytes. */
export class HashLengthError extends BaseError {
  override name = 'HashLengthError'
  readonly length: number

  constructor(length: number) {
    super(`The hash has ${length} bytes; it needs 32.`)
    this.length = length
  }
}
