import type { Graph, Value } from '../Graph.ts'
import { Pool2DOptions } from '../generated/tflite_generated.ts'
import { inputOf, type Node, needInputs, needShape, optionsOf } from '../node.ts'
import { clampOf, needSameQuantisation, quantised } from '../quantised.ts'
import { imageOf, placeWindow } from './window.ts'

/** AVERAGE_POOL_2D. */
export function lowerAveragePool(node: Node, graph: Graph): Value {
  return lowerPool(node, graph, 'average')
}

/** MAX_POOL_2D. */
export function lowerMaxPool(node: Node, graph: Graph): Value {
  return lowerPool(node, graph, 'maximum')
}

function lowerPool(node: Node, graph: Graph, mode: 'average' | 'maximum'): Value {
  needInputs(node, 1)
  const options = optionsOf(node, 'Pool2DOptions', new Pool2DOptions())
  const [input, output] = [inputOf(node, 0), node.output]
  const { channels, ...image } = imageOf(node, input)
  const kernel = { height: options.filterHeight(), width: options.filterWidth() }
  const stride = { height: options.strideH(), width: options.strideW() }
  const window = placeWindow(
    node,
    { ...image, channels },
    { padding: options.padding(), kernel, stride, dilation: { height: 1, width: 1 } },
  )
  needShape(node, [1, window.height, window.outputWidth, channels])

  const to = quantised(node, output)
  needSameQuantisation(node, quantised(node, input), to)
  return graph.add(
    {
      ...{ kind: 'pool', mode, source: graph.read(input).tensor, ...window },
      ...{ width: image.width, channels },
      ...{ kernelHeight: kernel.height, kernelWidth: kernel.width },
      ...{ strideHeight: stride.height, strideWidth: stride.width },
      ...clampOf(node, options.fusedActivationFunction(), to),
    },
    { rows: window.height, rowBytes: window.outputWidth * channels },
  )
}
