import type { Hash } from 'viem'

/** What every operator that reads a tensor says. */
type Reader = {
  /** Tensor read. */
  source: number
  /** Shape produced. */
  rows: number
  rowBytes: number
}

/** How an accumulator becomes an output byte. */
type Clamped = {
  /** Output byte that stands for zero. */
  outputZero: number
  clampMin: number
  clampMax: number
}

/** A second tensor whose rows and columns repeat until they fill the shape of the first. */
type Paired = {
  /** The other tensor read. */
  other: number
}

/** How a window moves over an image whose lines are the rows of the source. */
export type Window = {
  /** Places in a line of the source. */
  width: number
  /** Bytes of each place. */
  channels: number
  kernelHeight: number
  kernelWidth: number
  strideHeight: number
  strideWidth: number
  /** Lines and places that lie outside the image before its first ones. */
  padTop: number
  padLeft: number
}

/** Describes tensor 0, which comes with the request. */
export type InputOperator = {
  kind: 'input'
  rows: number
  rowBytes: number
}

/** Fully connected: each output byte is a requantised dot product of the whole source with one weight row. */
export type DenseOperator = Reader &
  Clamped & {
    kind: 'dense'
    rows: 1
    /** Bytes of the source. */
    inputs: number
    /** Root of the weight rows, one for each output byte. */
    weightsRoot: Hash
  }

/** Any function of one byte, element by element. */
export type LookupOperator = Reader & {
  kind: 'lookup'
  /** Output byte of each of the 256 input bytes. */
  table: Uint8Array
}

/** Two-dimensional convolution; depthwise where `groups` equals `channels`. */
export type ConvOperator = Reader &
  Clamped &
  Window & {
    kind: 'conv'
    /** Output channels, and weight rows. */
    outputs: number
    groups: number
    dilationHeight: number
    dilationWidth: number
    /** Byte of a tap outside the image. */
    inputZero: number
    weightsRoot: Hash
  }

/** Sum of two tensors of different scales, element by element. */
export type AddOperator = Reader &
  Clamped &
  Paired & {
    kind: 'add'
    /** Bits by which both operands are scaled up first. */
    leftShift: number
    zero1: number
    multiplier1: number
    shift1: number
    zero2: number
    multiplier2: number
    shift2: number
    multiplier: number
    shift: number
  }

/** Product of two tensors, element by element. */
export type MulOperator = Reader &
  Clamped &
  Paired & {
    kind: 'mul'
    zero1: number
    zero2: number
    multiplier: number
    shift: number
  }

/** Average or greatest byte of a window, channel by channel. */
export type PoolOperator = Reader &
  Window & {
    kind: 'pool'
    mode: 'average' | 'maximum'
    clampMin: number
    clampMax: number
  }

/** A box of the output that comes from one tensor. */
export type Piece = {
  /** Tensor read. */
  source: number
  /** Byte of the source that lands at the box's lowest corner. */
  base: number
  /** For each axis, where the box begins and ends, and how far apart its bytes are in the source. */
  axes: readonly { low: number; high: number; stride: number }[]
}

/** Reshape, transposition, slice, concatenation or padding: bytes move and nothing is computed. */
export type MoveOperator = Reader & {
  kind: 'move'
  /** Byte where no piece is. */
  fill: number
  /** Shape in which the output's bytes are counted. */
  dims: readonly number[]
  /** The first piece whose box holds a coordinate gives its byte. */
  pieces: readonly Piece[]
}

/** Softmax of each run of `depth` bytes, in fixed point. */
export type SoftmaxOperator = Reader & {
  kind: 'softmax'
  depth: number
  multiplier: number
  leftShift: number
  /** Least difference to the greatest byte that counts. */
  diffMin: number
}

/** A tensor that belongs to the model. */
export type ConstantOperator = {
  kind: 'constant'
  rows: number
  rowBytes: number
  /** Root of its rows. */
  weightsRoot: Hash
}

/** Decision trees, one for each output row, whose leaves hold lists of int32. */
export type TreesOperator = Reader & {
  kind: 'trees'
  /** Bytes of a feature: 1, or 2 for big-endian pairs. */
  featureBytes: 1 | 2
  /** Int32 values of a leaf. */
  values: number
  /** Bytes of an encoded tree. */
  rowLength: number
  weightsRoot: Hash
}

/** Sums of int32 values: number k of the source goes to output k mod `outputs`. */
export type SumOperator = Reader & {
  kind: 'sum'
  rows: 1
  outputs: number
  /** What each sum begins with, int32. */
  bias: Int32Array
}

/** Operator i produces tensor i. */
export type Operator =
  | InputOperator
  | DenseOperator
  | LookupOperator
  | ConvOperator
  | AddOperator
  | MulOperator
  | PoolOperator
  | MoveOperator
  | SoftmaxOperator
  | ConstantOperator
  | TreesOperator
  | SumOperator
