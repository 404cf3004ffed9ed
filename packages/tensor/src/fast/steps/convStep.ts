import type { ConvOperator } from '../../program/Operator.ts'
import { imageOf } from '../image.ts'
import type { Step, StepContext } from '../Step.ts'
import { depthwiseStep } from './depthwiseStep.ts'
import { directStep } from './directStep.ts'
import { gatherStep } from './gatherStep.ts'

/** Values that a widened image may always have. */
const smallImage = 2 ** 16

/**
 * CONV: straight from a widened image, or from gathered windows where strides, paddings or dilations spread the image
 * far beyond what is in it.
 */
export function convStep(operator: ConvOperator, context: StepContext): Step {
  const { places, tensor } = context
  const image = imageOf(operator)
  const [source, out] = [places[operator.source]!, places[tensor]!]
  const usual = source.rows * source.rowBytes + out.rows * out.rowBytes
  if (image.lines * image.length > Math.max(smallImage, 4 * usual)) {
    return gatherStep(operator, context)
  }
  const { channels, groups, outputs } = operator
  const isDepthwise = groups === channels && outputs === channels && channels > 1
  return (isDepthwise ? depthwiseStep : directStep)(operator, image, context)
}
