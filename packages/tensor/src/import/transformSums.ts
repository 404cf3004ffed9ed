import type { Transform } from './ImportedModel.ts'

/** Makes scores of sums, in floating point. */
export function transformSums(sums: Float64Array, transform: Transform): Float64Array {
  if (transform === 'NONE') return sums
  if (transform === 'LOGISTIC') return sums.map((sum) => 1 / (1 + Math.exp(-sum)))
  const greatest = sums.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  const exponentials = sums.map((sum) => Math.exp(sum - greatest))
  const total = exponentials.reduce((a, b) => a + b, 0)
  return exponentials.map((each) => each / total)
}
