import type { ModelTensor } from '@assay/tensor/node'

/** Describes an input or output in a line for a person. */
export function showTensor(tensor: ModelTensor): string {
  const { name, shape, type } = tensor
  return `${type} [${shape.join(', ')}], ${codeOf(tensor)}, "${name}"`
}

function codeOf({ scale, zeroPoint, ranks, sums }: ModelTensor): string {
  if (ranks !== undefined) return `ranks of ${ranks.bytes === 1 ? 8 : 16} bits among thresholds`
  if (sums !== undefined) return `sums in units of ${scale}, post transform ${sums.transform}`
  return `scale ${scale}, zero point ${zeroPoint}`
}
