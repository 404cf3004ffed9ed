import { multiplyByQuantizedMultiplier } from '../../arithmetic/multiplyByQuantizedMultiplier.ts'
import type { ConvOperator } from '../../program/Operator.ts'
import type { Neurons } from '../../program/Program.ts'
import { inputsOf } from '../../program/weightShape.ts'
import type { Element } from './Element.ts'
import { toOutput } from './toOutput.ts'

/** CONV: one dot product with the bytes under a window, in the order line, place, channel. */
export function convElement(operator: ConvOperator, neurons: Neurons, source: Uint8Array): Element {
  const { width, channels, outputs, groups, rowBytes, inputZero } = operator
  const { kernelHeight, kernelWidth, dilationHeight, dilationWidth } = operator
  const { biases, multipliers, shifts, values } = neurons
  const lineBytes = width * channels
  const height = source.length / lineBytes
  const depth = channels / groups
  const outputsPerGroup = outputs / groups
  const inputs = inputsOf(operator)

  return (position) => {
    const column = position % rowBytes
    const output = column % outputs
    const top = Math.floor(position / rowBytes) * operator.strideHeight - operator.padTop
    const left = Math.floor(column / outputs) * operator.strideWidth - operator.padLeft
    const channel = Math.floor(output / outputsPerGroup) * depth
    let acc = biases[output]!
    let at = output * inputs
    for (let ky = 0; ky < kernelHeight; ky += 1) {
      const line = top + ky * dilationHeight
      for (let kx = 0; kx < kernelWidth; kx += 1) {
        const place = left + kx * dilationWidth
        const isInside = line >= 0 && line < height && place >= 0 && place < width
        const first = line * lineBytes + place * channels + channel
        for (let c = 0; c < depth; c += 1, at += 1) {
          acc = (acc + values[at]! * (isInside ? source[first + c]! : inputZero)) | 0
        }
      }
    }
    const scaled = multiplyByQuantizedMultiplier(acc, multipliers[output]!, shifts[output]!)
    return toOutput(operator, scaled)
  }
}
