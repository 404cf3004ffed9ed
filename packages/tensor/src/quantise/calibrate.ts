import { type FloatLayer, runLayer } from './FloatLayer.ts'
import { dequantise, type Quantisation } from './Quantisation.ts'

/** Smallest and largest value seen. */
export type Range = { min: number; max: number }

/** Ranges of a layer's outputs, before and after its activation. */
export type LayerRanges = { sums: Range; outputs: Range }

/** Runs inputs through the layers in floating point and records the ranges of all values. */
export function calibrate(
  layers: readonly FloatLayer[],
  input: Quantisation,
  samples: readonly Uint8Array[],
): LayerRanges[] {
  const ranges = layers.map(() => ({ sums: emptyRange(), outputs: emptyRange() }))
  for (const sample of samples) {
    let values: Float64Array = Float64Array.from(sample, (byte) => dequantise(input, byte))
    for (const [i, layer] of layers.entries()) {
      const { sums, outputs } = runLayer(layer, values)
      widen(ranges[i]!.sums, sums)
      widen(ranges[i]!.outputs, outputs)
      values = outputs
    }
  }
  return ranges
}

function emptyRange(): Range {
  return { min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY }
}

function widen(range: Range, values: Float64Array) {
  range.min = values.reduce((a, b) => Math.min(a, b), range.min)
  range.max = values.reduce((a, b) => Math.max(a, b), range.max)
}
