import type { Layer } from '../program/Layer.ts'

/** Rows of a program's tensor. */
export type Shape = {
  rows: number
  rowBytes: number
}

/** A tensor of the program under construction. */
export type Placed = Shape & {
  /** Its number in the program. */
  tensor: number
}

/** Layers of a program under construction; each throws `ModelLimitError` where the program has no room for more. */
export type Layers = {
  readonly list: readonly Layer[]
  /** Appends a layer that produces a tensor of this shape. */
  add(layer: Layer, shape: Shape): Placed
  /** Appends a constant tensor of these rows, which are equally long. */
  addConstant(rows: readonly Uint8Array[]): Placed
  /** Counts so many more bytes of weights; to be asked before making them. */
  reserveBytes(bytes: number): void
  /** Counts so many more weight rows; to be asked before making them. */
  reserveRows(rows: number, inputs: number): void
  /** Returns the same bytes in another shape. */
  reshape(placed: Placed, shape: Shape): Placed
  /** Makes a tensor the program's last one, which is its output. */
  end(placed: Placed): Placed
}
