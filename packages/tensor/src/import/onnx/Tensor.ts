import { product } from '../dims.ts'
import { limits, needWithin } from './limits.ts'

/** Elements of a tensor in floating point or integers; int64 is held as float64. */
export type Elements =
  | Float32Array
  | Float64Array
  | Int32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array

/** Integers behind a tensor that was dequantised: `element = scale · (integer − zero point)`. */
export type Quantised = {
  integers: Elements
  /** One, or one for each place along `axis`. */
  scales: readonly number[]
  zeroPoints: readonly number[]
  axis: number
}

/** A tensor of a model at one moment, in row-major order. */
export type Tensor = {
  /** Element type, such as `FLOAT`. */
  type: string
  dims: readonly number[]
  data: Elements
  /** Where the tensor is what a DequantizeLinear made. */
  quantised?: Quantised
}

/** Makes a tensor of floats. */
export function floats(
  dims: readonly number[],
  data: Float32Array = new Float32Array(needRoom(dims)),
): Tensor {
  return { type: 'FLOAT', dims, data }
}

/** Returns the number of elements of a shape, of which there must not be too many. */
export function needRoom(dims: readonly number[]): number {
  const elements = product(dims)
  needWithin('elements of activations', elements, limits.activations)
  return elements
}
