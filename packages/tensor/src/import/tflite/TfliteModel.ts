import type { Opaque } from './generated/tflite_generated.ts'

/** What the elements of a tensor stand for: `scale · (element − zero point)`. */
export type Quantisation = {
  /** Float32 values: one, or one for each place along `axis`. */
  scales: readonly number[]
  zeroPoints: readonly number[]
  axis: number
}

/** A tensor of a model. */
export type TfliteTensor = {
  index: number
  name: string
  /** Element type, such as `INT8`. */
  type: string
  dims: readonly number[]
  /** Product of `dims`. */
  elements: number
  /** Bytes of a constant; undefined for what execution computes. */
  data: Uint8Array | undefined
  quantisation: Quantisation | undefined
}

/** An operator of a model, in the order of execution. */
export type TfliteOperator = {
  index: number
  /** Name in the format, such as `CONV_2D`. */
  name: string
  /** Tensors read; −1 for an optional one left out. */
  inputs: readonly number[]
  outputs: readonly number[]
  /** Number of its option table in the format's union, and the table. */
  optionsType: number
  options: Opaque | null
}

/** A model file's main graph, bounds-checked but not yet understood. */
export type TfliteModel = {
  tensors: readonly TfliteTensor[]
  operators: readonly TfliteOperator[]
  inputs: readonly number[]
  outputs: readonly number[]
}
