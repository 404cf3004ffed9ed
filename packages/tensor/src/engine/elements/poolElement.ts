import { roundingAverage } from '../../arithmetic/roundingAverage.ts'
import type { PoolOperator } from '../../program/Operator.ts'
import type { Element } from './Element.ts'

/** POOL: the average or the greatest of one channel's bytes under a window; what lies outside the image is left out. */
export function poolElement(operator: PoolOperator, source: Uint8Array): Element {
  const { width, channels, rowBytes, kernelHeight, kernelWidth, clampMin, clampMax } = operator
  const lineBytes = width * channels
  const height = source.length / lineBytes

  return (position) => {
    const column = position % rowBytes
    const top = Math.floor(position / rowBytes) * operator.strideHeight - operator.padTop
    const left = Math.floor(column / channels) * operator.strideWidth - operator.padLeft
    const [lastLine, lastPlace] = [
      Math.min(top + kernelHeight, height),
      Math.min(left + kernelWidth, width),
    ]
    let count = 0
    let sum = 0
    let greatest = 0
    for (let line = Math.max(top, 0); line < lastLine; line += 1) {
      for (let place = Math.max(left, 0); place < lastPlace; place += 1) {
        const byte = source[line * lineBytes + place * channels + (column % channels)]!
        count += 1
        sum += byte - 128
        greatest = Math.max(greatest, byte)
      }
    }
    const value = operator.mode === 'average' ? roundingAverage(sum, count) + 128 : greatest
    return Math.min(Math.max(value, clampMin), clampMax)
  }
}
