import type { ConvLayer } from '../../../program/Layer.ts'
import { foldZero, type WeightRow } from '../../../program/weightRow.ts'
import type { Graph, Value } from '../Graph.ts'
import { Conv2DOptions, DepthwiseConv2DOptions } from '../generated/tflite_generated.ts'
import { nameOfType } from '../names.ts'
import { inputOf, type Node, needInputs, needShape, optionsOf, refuse, reject } from '../node.ts'
import { clampOf, quantised } from '../quantised.ts'
import { biasesOf, multipliersOf, weightsOf } from '../weights.ts'
import { type Image, imageOf, placeWindow } from './window.ts'

type Options = Conv2DOptions | DepthwiseConv2DOptions

/** How the weights of a convolution lie in their tensor. */
type Filter = {
  kernel: { height: number; width: number }
  /** Channels of the input that one output reads. */
  depth: number
  outputs: number
  groups: number
  /** Axis of the outputs. */
  axis: number
  rows: readonly Int8Array[]
}

/** CONV_2D, grouped too: weights are [outputs, height, width, channels of a group]. */
export function lowerConv2d(node: Node, graph: Graph): Value {
  const options = optionsOf(node, 'Conv2DOptions', new Conv2DOptions())
  const biasType = nameOfType(options.quantizedBiasType())
  if (biasType !== 'FLOAT32' && biasType !== 'INT32') {
    refuse(node, 'type of its accumulator', biasType, 'INT32')
  }
  return lower(node, graph, options, readFilter)
}

/** DEPTHWISE_CONV_2D: weights are [1, height, width, outputs], some for each channel in turn. */
export function lowerDepthwiseConv2d(node: Node, graph: Graph): Value {
  const options = optionsOf(node, 'DepthwiseConv2DOptions', new DepthwiseConv2DOptions())
  return lower(node, graph, options, readDepthwiseFilter)
}

function lower(
  node: Node,
  graph: Graph,
  options: Options,
  read: (node: Node, graph: Graph, image: Image) => Filter,
): Value {
  needInputs(node, 2, 3)
  const [input, output] = [inputOf(node, 0), node.output]
  const image = imageOf(node, input)
  const filter = read(node, graph, image)
  const { kernel, groups, outputs } = filter
  const stride = { height: options.strideH(), width: options.strideW() }
  const dilation = { height: options.dilationHFactor(), width: options.dilationWFactor() }
  const window = placeWindow(node, image, { padding: options.padding(), kernel, stride, dilation })
  needShape(node, [1, window.height, window.outputWidth, outputs])

  const [from, to] = [quantised(node, input), quantised(node, output)]
  const layer: ConvLayer = {
    ...{ kind: 'conv', source: graph.read(input).tensor, groups, ...window },
    ...{ width: image.width, channels: image.channels },
    ...{ kernelHeight: kernel.height, kernelWidth: kernel.width },
    ...{ strideHeight: stride.height, strideWidth: stride.width },
    ...{ dilationHeight: dilation.height, dilationWidth: dilation.width },
    ...{ inputZero: from.zero, outputZero: to.zero },
    ...clampOf(node, options.fusedActivationFunction(), to),
    rows: rowsOf(node, filter),
  }
  return graph.add(layer, { rows: window.height, rowBytes: window.outputWidth * outputs })
}

function rowsOf(node: Node, { rows, outputs, axis }: Filter): WeightRow[] {
  const [input, weights] = [quantised(node, inputOf(node, 0)), inputOf(node, 1)]
  const output = quantised(node, node.output)
  const biases = biasesOf(node, node.inputs[2], outputs)
  const multipliers = multipliersOf(node, { input, output, weights, axis, outputs })
  return rows.map((row, i) => ({
    ...multipliers[i]!,
    bias: foldZero(biases[i]!, row, input.zero),
    weights: row,
  }))
}

function readFilter(node: Node, graph: Graph, image: Image): Filter {
  const weights = inputOf(node, 1)
  const [outputs = 0, height = 0, width = 0, depth = 0] = weights.dims
  if (weights.dims.length !== 4 || image.channels % depth !== 0) {
    return reject(node, `has weights of shape [${weights.dims}] for ${image.channels} channels`)
  }
  const groups = image.channels / depth
  if (outputs % groups !== 0) refuse(node, 'its outputs', outputs, `a multiple of ${groups} groups`)
  const size = height * width * depth
  graph.reserveRows(outputs, size)
  const values = weightsOf(node, weights)
  const rows = Array.from({ length: outputs }, (_, o) => values.subarray(o * size, (o + 1) * size))
  return { kernel: { height, width }, depth, outputs, groups, axis: 0, rows }
}

function readDepthwiseFilter(node: Node, graph: Graph, image: Image): Filter {
  const weights = inputOf(node, 1)
  const [first, height = 0, width = 0, outputs = 0] = weights.dims
  if (weights.dims.length !== 4 || first !== 1 || outputs % image.channels !== 0) {
    return reject(node, `has weights of shape [${weights.dims}] for ${image.channels} channels`)
  }
  const size = height * width
  graph.reserveRows(outputs, size)
  const values = weightsOf(node, weights)
  const rows = Array.from({ length: outputs }, (_, o) =>
    Int8Array.from({ length: size }, (_, tap) => values[tap * outputs + o]!),
  )
  return { kernel: { height, width }, depth: 1, outputs, groups: image.channels, axis: 3, rows }
}
