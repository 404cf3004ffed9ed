import { multiplyByQuantizedMultiplier } from '../../arithmetic/multiplyByQuantizedMultiplier.ts'
import type { DenseOperator } from '../../program/Operator.ts'
import type { Neurons } from '../../program/Program.ts'
import type { Element } from './Element.ts'
import { toOutput } from './toOutput.ts'

/** DENSE: one dot product with the whole source. */
export function denseElement(
  operator: DenseOperator,
  neurons: Neurons,
  source: Uint8Array,
): Element {
  const { inputs } = operator
  const { biases, multipliers, shifts, values } = neurons
  return (output) => {
    const first = output * inputs
    let acc = biases[output]!
    for (let i = 0; i < inputs; i += 1) acc = (acc + values[first + i]! * source[i]!) | 0
    const scaled = multiplyByQuantizedMultiplier(acc, multipliers[output]!, shifts[output]!)
    return toOutput(operator, scaled)
  }
}
