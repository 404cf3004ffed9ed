import { channelMultiplier } from '../arithmetic/channelMultiplier.ts'
import { composeProgram } from '../program/composeProgram.ts'
import type { Layer } from '../program/Layer.ts'
import type { Program } from '../program/Program.ts'
import type { WeightRow } from '../program/weightRow.ts'
import { calibrate } from './calibrate.ts'
import { CalibrationEmptyError, LayerShapeError } from './errors.ts'
import type { FloatLayer } from './FloatLayer.ts'
import { dequantise, type Quantisation, quantisationOf, quantise } from './Quantisation.ts'

export type QuantiseMlpParameters = {
  /** Shape and meaning of the input bytes. */
  input: { rows: number; rowBytes: number; quantisation: Quantisation }
  layers: readonly FloatLayer[]
  /** Inputs whose activations set the ranges. */
  calibration: readonly Uint8Array[]
}

/** A network in integers. */
export type QuantisedMlp = {
  program: Program
  /** What the output bytes stand for. */
  output: Quantisation
}

/**
 * Quantises a multi-layer perceptron after training: int8 weights with one scale per output, bytes in between with ranges
 * from calibration, activations as tables.
 */
export function quantiseMlp(parameters: QuantiseMlpParameters): QuantisedMlp {
  const { input, layers, calibration } = parameters
  if (calibration.length === 0) throw new CalibrationEmptyError()
  needShapes(layers, input.rows * input.rowBytes)

  const ranges = calibrate(layers, input.quantisation, calibration)
  const quantised: Layer[] = []
  let current = input.quantisation
  for (const [i, layer] of layers.entries()) {
    const { sums, outputs } = ranges[i]!
    const next = quantisationOf(sums.min, sums.max)
    quantised.push(quantiseDense(quantised.length, layer, current, next))
    current = next
    if (layer.activation === undefined) continue
    current = quantisationOf(outputs.min, outputs.max)
    quantised.push(tabulate(quantised.length, layer.activation, next, current))
  }
  return { program: composeProgram({ input, layers: quantised }), output: current }
}

function quantiseDense(
  source: number,
  layer: FloatLayer,
  input: Quantisation,
  output: Quantisation,
): Layer {
  const { weights, biases } = layer
  const inputs = weights.length / biases.length
  const rows = Array.from(biases, (bias, j) =>
    quantiseRow(weights.subarray(j * inputs, (j + 1) * inputs), bias, input, output),
  )
  return { kind: 'dense', source, rows, outputZero: output.zero, clampMin: 0, clampMax: 255 }
}

function quantiseRow(
  reals: Float32Array,
  bias: number,
  input: Quantisation,
  output: Quantisation,
): WeightRow {
  const largest = reals.reduce((max, weight) => Math.max(max, Math.abs(weight)), 0)
  // A scale that is too fine for the bias would overflow int32: rows of (nearly) zero weights.
  const least = Math.abs(bias) / (input.scale * 2 ** 30)
  const weightScale = Math.fround(Math.max(largest / 127, least)) || 1

  const weights = Int8Array.from(reals, (weight) =>
    Math.min(Math.max(Math.round(weight / weightScale), -127), 127),
  )
  const sum = weights.reduce((total, weight) => total + weight, 0)
  const folded = Math.round(bias / (input.scale * weightScale)) - sum * input.zero
  const scales = { inputScale: input.scale, weightScale, outputScale: output.scale }
  return { bias: folded, ...channelMultiplier(scales), weights }
}

function tabulate(
  source: number,
  activation: (x: number) => number,
  input: Quantisation,
  output: Quantisation,
): Layer {
  const table = Uint8Array.from({ length: 256 }, (_, byte) =>
    quantise(output, activation(dequantise(input, byte))),
  )
  return { kind: 'lookup', source, table }
}

function needShapes(layers: readonly FloatLayer[], inputs: number) {
  let width = inputs
  for (const [i, { weights, biases }] of layers.entries()) {
    const needed = width * biases.length
    if (weights.length !== needed) throw new LayerShapeError(i, weights.length, needed)
    width = biases.length
  }
}
