import { DescriptorLengthError } from './errors.ts'
import { layoutLength, readFields } from './fields/fields.ts'
import { headerLength, sumLayout } from './fields/layouts.ts'
import type { SumOperator } from './Operator.ts'

const biasAt = headerLength + layoutLength(sumLayout)

/** Decodes what follows the header of a SUM. */
export function decodeSum(index: number, view: DataView): Pick<SumOperator, 'outputs' | 'bias'> {
  if (view.byteLength < biasAt) {
    throw new DescriptorLengthError(index, view.byteLength, `at least ${biasAt}`)
  }
  const { outputs } = readFields(sumLayout, view, headerLength)
  // Before anything is allocated: the field can ask for 2^32 biases.
  const needed = biasAt + 4 * outputs
  if (view.byteLength !== needed) throw new DescriptorLengthError(index, view.byteLength, needed)
  const bias = Int32Array.from({ length: outputs }, (_, i) => view.getInt32(biasAt + 4 * i))
  return { outputs, bias }
}
