import type { Quantisation } from '../../../quantise/Quantisation.ts'
import type { Range } from '../clip.ts'
import type { OnnxNode } from '../OnnxModel.ts'
import type { Tensor } from '../Tensor.ts'
import type { Builder, Value } from './Builder.ts'

/** What follows a node and is computed with it: a factor and a summand for each channel, and bounds. */
export type Tail = Range & {
  /** Value that comes out in the end. */
  name: string
  scale: Float64Array
  shift: Float64Array
  quantisation: Quantisation
}

export type TailParameters = {
  /** Channels, and the axis of the output along which they lie; none to take up bounds alone. */
  channels?: { count: number; axis: number; isFixed: boolean }
}

/** What lowering a node has at hand. */
export type Lowering = {
  builder: Builder
  /** Returns the program's tensor for a value that is computed. */
  read(name: string): Value
  /** Returns a value that is the same for every input. */
  constantOf(name: string): Tensor | undefined
  /** Returns the shape of a value. */
  dimsOf(name: string): readonly number[]
  /** Returns what bytes of a value are to stand for: what the model says, else what calibration found. */
  targetOf(node: OnnxNode, name: string, otherwise?: Quantisation): Quantisation
  /** Takes up the nodes behind a node that its layer computes with it. */
  takeTail(node: OnnxNode, parameters?: TailParameters): Tail
  /** Says which tensor of the program holds a value. */
  place(name: string, value: Value): void
}

/** Appends the layers of a node and places what it produces. */
export type Lower = (node: OnnxNode, lowering: Lowering) => void
