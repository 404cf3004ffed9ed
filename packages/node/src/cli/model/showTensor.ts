import type { ModelTensor } from '@assay/tensor/node'

/** Describes an input or output in a line for a person. */
export function showTensor({ name, shape, type, scale, zeroPoint }: ModelTensor): string {
  return `${type} [${shape.join(', ')}], scale ${scale}, zero point ${zeroPoint}, "${name}"`
}
