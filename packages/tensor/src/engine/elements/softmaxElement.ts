import { softmax } from '../../arithmetic/softmax.ts'
import type { SoftmaxOperator } from '../../program/Operator.ts'
import type { Element } from './Element.ts'
import { keepLast } from './keepLast.ts'

/** SOFTMAX: one part of the run of bytes that it lies in. */
export function softmaxElement(operator: SoftmaxOperator, source: Uint8Array): Element {
  const { depth } = operator
  const runAt = keepLast((first) => softmax(source.subarray(first, first + depth), operator))
  return (position) => {
    const offset = position % depth
    return runAt(position - offset)[offset]!
  }
}
