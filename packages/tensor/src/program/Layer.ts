import type {
  AddOperator,
  ConvOperator,
  MoveOperator,
  MulOperator,
  PoolOperator,
  SoftmaxOperator,
  TreesOperator,
} from './Operator.ts'
import type { WeightRow } from './weightRow.ts'

/** Shape of an image that is produced. */
type Produced = {
  /** Lines. */
  height: number
  /** Places in a line. */
  outputWidth: number
}

/** A dense operator by its weights. */
export type DenseLayer = {
  kind: 'dense'
  /** Tensor read. */
  source: number
  /** One per output. */
  rows: readonly WeightRow[]
  /** Output byte that stands for zero. */
  outputZero: number
  clampMin: number
  clampMax: number
}

/** A look-up operator by its table of 256 bytes. */
export type LookupLayer = {
  kind: 'lookup'
  /** Tensor read. */
  source: number
  table: Uint8Array
}

/** A convolution by its weights. */
export type ConvLayer = Omit<ConvOperator, 'rows' | 'rowBytes' | 'weightsRoot' | 'outputs'> &
  Produced & {
    /** One per output channel. */
    rows: readonly WeightRow[]
  }

export type AddLayer = Omit<AddOperator, 'rows' | 'rowBytes'>
export type MulLayer = Omit<MulOperator, 'rows' | 'rowBytes'>
export type PoolLayer = Omit<PoolOperator, 'rows' | 'rowBytes'> & Produced

/** A move; what its header reads follows from its first piece. */
export type MoveLayer = Omit<MoveOperator, 'source'>

export type SoftmaxLayer = Omit<SoftmaxOperator, 'rows' | 'rowBytes'>

/** A constant by its rows, which are equally long. */
export type ConstantLayer = {
  kind: 'constant'
  rows: readonly Uint8Array[]
}

/** Trees by their encodings, which are equally long. */
export type TreesLayer = Pick<TreesOperator, 'kind' | 'source' | 'featureBytes' | 'values'> & {
  /** What `encodeTree` returns, one per tree. */
  trees: readonly Uint8Array[]
}

/** A sum by what its outputs begin with. */
export type SumLayer = {
  kind: 'sum'
  /** Tensor read. */
  source: number
  outputs: number
  bias: Int32Array
}

/** An operator with its weights in the open and without what follows from the tensors it reads. */
export type Layer =
  | DenseLayer
  | LookupLayer
  | ConvLayer
  | AddLayer
  | MulLayer
  | PoolLayer
  | MoveLayer
  | SoftmaxLayer
  | ConstantLayer
  | TreesLayer
  | SumLayer
