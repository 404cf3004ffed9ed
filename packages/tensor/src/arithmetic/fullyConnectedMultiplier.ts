import { type QuantizedMultiplier, quantizeMultiplier } from './quantizeMultiplier.ts'

export type FullyConnectedMultiplierParameters = {
  /** Scale of the input, a float32. */
  inputScale: number
  /** The weights' one scale, a float32. */
  weightScale: number
  /** Scale of the output, a float32. */
  outputScale: number
}

/**
 * Derives the pair of a fully connected operator with one weight scale: TFLite takes the product of the scales in
 * float32 and only the division in double.
 */
export function fullyConnectedMultiplier(
  parameters: FullyConnectedMultiplierParameters,
): QuantizedMultiplier {
  const { inputScale, weightScale, outputScale } = parameters
  return quantizeMultiplier(Math.fround(inputScale * weightScale) / outputScale)
}
