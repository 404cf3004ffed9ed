import type { Range } from '../clip.ts'
import type { Coding, Graph, Value } from '../Graph.ts'
import type { OnnxNode } from '../OnnxModel.ts'
import type { Tensor } from '../Tensor.ts'

/** What follows a node and is computed with it: a factor and a summand for each channel, and bounds. */
export type Tail = Range & {
  /** Value that comes out in the end. */
  name: string
  scale: Float64Array
  shift: Float64Array
  coding: Coding
}

/** Channels of a node's output, for whose factors and summands there is room in its layer. */
export type Channels = {
  count: number
  /** Axis of the output along which they lie. */
  axis: number
  /** Whether the weights are the model's own integers, which take neither. */
  isFixed: boolean
}

/** What lowering a node has at hand. */
export type Lowering = {
  graph: Graph
  /** Returns the program's tensor for a value that is computed. */
  read(name: string): Value
  /** Returns a value that is the same for every input. */
  constantOf(name: string): Tensor | undefined
  /** Returns the shape of a value. */
  dimsOf(name: string): readonly number[]
  /** Returns what bytes of a value are to stand for: what the model says, else `otherwise`, else what calibration found. */
  targetOf(node: OnnxNode, name: string, otherwise?: Coding): Coding
  /** Takes up the nodes behind a node that its layer computes with it; bounds alone without `channels`. */
  takeTail(node: OnnxNode, channels?: Channels): Tail
  /** Says how the program differs from what the model states in integers. */
  report(node: OnnxNode, difference: string): void
}

/** A value of the model that is computed. */
export type Lowered = { name: string; value: Value }

/** Appends the layers of a node; returns what it, or the last node it took up, produces. */
export type Lower = (node: OnnxNode, lowering: Lowering) => Lowered
