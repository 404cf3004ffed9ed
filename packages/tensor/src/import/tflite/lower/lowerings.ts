import type { Graph, Value } from '../Graph.ts'
import type { Node } from '../node.ts'
import { lowerAdd, lowerMul } from './lowerArithmetic.ts'
import { lowerConv2d, lowerDepthwiseConv2d } from './lowerConvolution.ts'
import { lowerFullyConnected } from './lowerFullyConnected.ts'
import { lowerLogistic, lowerQuantize, lowerRelu, lowerRelu6, lowerTanh } from './lowerLookups.ts'
import { lowerMean } from './lowerMean.ts'
import { lowerConcatenation, lowerPad, lowerReshape } from './lowerMoves.ts'
import { lowerAveragePool, lowerMaxPool } from './lowerPool.ts'
import { lowerSoftmax } from './lowerSoftmax.ts'

/** Appends the layers of a node; returns the tensor that has its output's bytes. */
export type Lower = (node: Node, graph: Graph) => Value

/** The operators that programs reproduce exactly, by their names in the format. */
export const lowerings: Record<string, Lower> = {
  ADD: lowerAdd,
  AVERAGE_POOL_2D: lowerAveragePool,
  CONCATENATION: lowerConcatenation,
  CONV_2D: lowerConv2d,
  DEPTHWISE_CONV_2D: lowerDepthwiseConv2d,
  FULLY_CONNECTED: lowerFullyConnected,
  LOGISTIC: lowerLogistic,
  MAX_POOL_2D: lowerMaxPool,
  MEAN: lowerMean,
  MUL: lowerMul,
  PAD: lowerPad,
  QUANTIZE: lowerQuantize,
  RELU: lowerRelu,
  RELU6: lowerRelu6,
  RESHAPE: lowerReshape,
  SOFTMAX: lowerSoftmax,
  TANH: lowerTanh,
}
