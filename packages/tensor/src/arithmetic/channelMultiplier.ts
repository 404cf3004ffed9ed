import type { FullyConnectedMultiplierParameters } from './fullyConnectedMultiplier.ts'
import { type QuantizedMultiplier, quantizeMultiplier } from './quantizeMultiplier.ts'

/** Derives the pair of one output channel, whose weights have a scale of their own: TFLite takes all of it in double. */
export function channelMultiplier(
  parameters: FullyConnectedMultiplierParameters,
): QuantizedMultiplier {
  const { inputScale, weightScale, outputScale } = parameters
  return quantizeMultiplier((inputScale * weightScale) / outputScale)
}
