import type { Fidelity } from '@assay/tensor/node'

/** Says in lines for a person how close a program is to its model. */
export function showFidelity(fidelity: Fidelity): string[] {
  switch (fidelity.kind) {
    case 'exact':
      return ['exact: the same to the bit']
    case 'calibrated':
      return [`given 8 bits over the ranges of ${fidelity.samples} samples`]
    case 'fixed':
      return [`every walk is exact; sums are off by at most ${fidelity.error.toPrecision(3)}`]
    case 'rounded':
      return [
        "the model's own integers, but for",
        ...fidelity.differences.map(({ index, operator, found }) => {
          return `  operator ${index} (${operator}): ${found}`
        }),
      ]
  }
}
