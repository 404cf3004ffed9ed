import type { ConvOperator } from '../program/Operator.ts'
import type { Scratch, StepContext } from './Step.ts'

/** The int16 image that a convolution's windows move over, its padding included. */
export type Image = {
  lines: number
  /** Values of a line. */
  length: number
  /** Bytes from a line, or place, of the output to the next. */
  lineStep: number
  columnStep: number
}

/** Returns the image that all windows of a convolution cover together. */
export function imageOf(operator: ConvOperator): Image {
  const { rows, rowBytes, outputs, channels } = operator
  const { kernelHeight, strideHeight, dilationHeight } = operator
  const { kernelWidth, strideWidth, dilationWidth } = operator
  const columns = rowBytes / outputs
  const lines = (rows - 1) * strideHeight + (kernelHeight - 1) * dilationHeight + 1
  const width = (columns - 1) * strideWidth + (kernelWidth - 1) * dilationWidth + 1
  const length = width * channels
  const [lineStep, columnStep] = [2 * strideHeight * length, 2 * strideWidth * channels]
  return { lines, length, lineStep, columnStep }
}

/** Returns what writes the image of a convolution's source to the scratch memory. */
export function widenStep(operator: ConvOperator, image: Image, context: StepContext) {
  const { arena, places } = context
  const { address: source, rows, rowBytes } = places[operator.source]!
  const { channels, padTop, padLeft, inputZero } = operator
  const { lines, length } = image
  const scratch: Scratch = context.scratch(2 * lines * length)
  // What lies further out than the image is wide or high is never reached.
  const [top, left] = [Math.min(padTop, lines), Math.min(padLeft * channels, length)]
  const { widenImage } = arena.kernels

  return () => {
    const { address } = scratch
    widenImage(source, rows, rowBytes, address, lines, length, top, left, inputZero)
    return address
  }
}
