import type { SumOperator } from '../../program/Operator.ts'
import type { Element } from './Element.ts'

/** SUM: one byte of one sum. */
export function sumElement(operator: SumOperator, source: Uint8Array): Element {
  const { outputs, bias } = operator
  const sums = bias.slice()
  const values = new DataView(source.buffer, source.byteOffset, source.length)
  for (let k = 0; 4 * k < source.length; k += 1) {
    sums[k % outputs] = sums[k % outputs]! + values.getInt32(4 * k)
  }
  return (position) => (sums[position >> 2]! >>> (24 - 8 * (position % 4))) & 0xff
}
