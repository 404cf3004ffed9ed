import type { Layer } from '../../program/Layer.ts'
import type { TfliteTensor } from './TfliteModel.ts'

/** Rows of a program's tensor. */
export type Shape = {
  rows: number
  rowBytes: number
}

/** A tensor of the program under construction. */
export type Value = Shape & {
  /** Its number in the program. */
  tensor: number
}

/** The program under construction. */
export type Graph = {
  readonly layers: readonly Layer[]
  /** Appends a layer that produces a tensor of this shape. */
  add(layer: Layer, shape: Shape): Value
  /** Returns the program's tensor for one of the model, constants included. */
  read(tensor: TfliteTensor): Value
  /** Says which tensor of the program holds the bytes of one of the model. */
  place(tensor: TfliteTensor, value: Value): void
  /** Returns the same bytes in another shape. */
  reshape(value: Value, shape: Shape): Value
  /** Throws `ModelLimitError` if the program has no room for so many more weight rows; to be asked before making them. */
  reserveRows(rows: number, inputs: number): void
}
