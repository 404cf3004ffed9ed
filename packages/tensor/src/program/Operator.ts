import type { Hash } from 'viem'

/** Describes tensor 0, which comes with the request. */
export type InputOperator = {
  kind: 'input'
  rows: number
  rowBytes: number
}

/** Fully connected: each output byte is a requantised dot product of the whole source with one weight row. */
export type DenseOperator = {
  kind: 'dense'
  /** Tensor read. */
  source: number
  rows: 1
  /** Output bytes, and weight rows. */
  rowBytes: number
  /** Bytes of the source. */
  inputs: number
  /** Output byte that stands for zero. */
  outputZero: number
  clampMin: number
  clampMax: number
  /** Root of the weight rows. */
  weightsRoot: Hash
}

/** Any function of one byte, element by element. */
export type LookupOperator = {
  kind: 'lookup'
  /** Tensor read. */
  source: number
  rows: number
  rowBytes: number
  /** Output byte of each of the 256 input bytes. */
  table: Uint8Array
}

/** Operator i produces tensor i. */
export type Operator = InputOperator | DenseOperator | LookupOperator
