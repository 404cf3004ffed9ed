import type { Inconsistency, Program } from '@assay/tensor'
import type { ModelManifest } from '@assay/tensor/node'

/** An element that an answer commits to and its own inputs contradict, in the words of the model. */
export type WrongElement = {
  /** Tensor of the program, and what computes it. */
  tensor: number
  kind: string
  row: number
  column: number
  /** Operator of the model: the one that the tensor belongs to. */
  operator: { index: number; operator: string } | null
  /** Place in the operator's output; null where the tensor is not that output itself. */
  place: number[] | null
  /** As the operator of the model has them: int8 or uint8. */
  claimed: number
  right: number
}

/** Says which element of which operator is wrong. */
export function describeElement(
  manifest: ModelManifest,
  program: Program,
  found: Extract<Inconsistency, { kind: 'element' }>,
): WrongElement {
  const { tensor, row, column, committed, computed } = found
  const { kind, rowBytes } = program.operators[tensor]!
  // The importer may use several tensors for one operator; its output is the last of them.
  const operator = manifest.operators.find((entry) => entry.tensor >= tensor)
  const isOutput = operator?.tensor === tensor
  const offset = isOutput && operator.type !== 'UINT8' ? 128 : 0
  return {
    ...{ tensor, kind, row, column },
    operator: operator ? { index: operator.index, operator: operator.operator } : null,
    place: isOutput ? placeOf(row * rowBytes + column, operator.shape) : null,
    claimed: committed - offset,
    right: computed - offset,
  }
}

/** Row-major coordinates of an element. */
function placeOf(index: number, shape: readonly number[]): number[] {
  const place: number[] = []
  let rest = index
  for (const dim of shape.toReversed()) {
    place.unshift(rest % dim)
    rest = Math.floor(rest / dim)
  }
  return place
}
