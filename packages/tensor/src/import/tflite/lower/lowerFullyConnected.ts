import { foldZero, type WeightRow } from '../../../program/weightRow.ts'
import { unitWindow } from '../../unitWindow.ts'
import type { Graph, Value } from '../Graph.ts'
import { FullyConnectedOptions } from '../generated/tflite_generated.ts'
import { nameOfType } from '../names.ts'
import { inputOf, type Node, needInputs, optionsOf, refuse, reject } from '../node.ts'
import { clampOf, quantised } from '../quantised.ts'
import { biasesOf, multipliersOf, weightsOf } from '../weights.ts'

/** FULLY_CONNECTED: a dense layer, or for several lists of inputs a convolution with a kernel of one place. */
export function lowerFullyConnected(node: Node, graph: Graph): Value {
  needInputs(node, 2, 3)
  const options = optionsOf(node, 'FullyConnectedOptions', new FullyConnectedOptions())
  needPlainWeights(node, options)
  const [input, output] = [inputOf(node, 0), node.output]
  const [outputs = 0, inputs = 0] = inputOf(node, 1).dims
  const lists = input.elements / inputs
  if (inputOf(node, 1).dims.length !== 2 || !Number.isInteger(lists)) {
    return reject(node, `has weights of shape [${inputOf(node, 1).dims}] for its input`)
  }
  if (output.elements !== lists * outputs || output.dims.at(-1) !== outputs) {
    return reject(node, `produces [${output.dims}], its weights give ${lists} lists of ${outputs}`)
  }

  graph.reserveRows(outputs, inputs)
  const to = quantised(node, output)
  const rest = {
    rows: rowsOf(node, inputs, outputs),
    outputZero: to.zero,
    ...clampOf(node, options.fusedActivationFunction(), to),
  }
  const source = graph.read(input)
  if (lists === 1) {
    return graph.add(
      { kind: 'dense', source: source.tensor, ...rest },
      { rows: 1, rowBytes: outputs },
    )
  }
  const perLine = source.rowBytes / inputs
  const image = Number.isInteger(perLine)
    ? source
    : graph.reshape(source, { rows: lists, rowBytes: inputs })
  const width = image.rowBytes / inputs
  const window = { ...unitWindow, width, channels: inputs, height: image.rows, outputWidth: width }
  const { zero: inputZero } = quantised(node, input)
  return graph.add(
    { kind: 'conv', source: image.tensor, groups: 1, inputZero, ...window, ...rest },
    { rows: image.rows, rowBytes: width * outputs },
  )
}

function needPlainWeights(node: Node, options: FullyConnectedOptions) {
  if (options.weightsFormat() !== 0) {
    refuse(node, 'format of its weights', options.weightsFormat(), 'DEFAULT')
  }
  const biasType = nameOfType(options.quantizedBiasType())
  if (biasType !== 'FLOAT32' && biasType !== 'INT32') {
    refuse(node, 'type of its accumulator', biasType, 'INT32')
  }
}

function rowsOf(node: Node, inputs: number, outputs: number): WeightRow[] {
  const weights = inputOf(node, 1)
  const values = weightsOf(node, weights)
  const [input, output] = [quantised(node, inputOf(node, 0)), quantised(node, node.output)]
  const biases = biasesOf(node, node.inputs[2], outputs)
  const parameters = { input, output, weights, axis: 0, outputs, isFullyConnected: true }
  const multipliers = multipliersOf(node, parameters)
  return biases.map((bias, o) => {
    const row = values.subarray(o * inputs, (o + 1) * inputs)
    return { ...multipliers[o]!, bias: foldZero(bias, row, input.zero), weights: row }
  })
}
