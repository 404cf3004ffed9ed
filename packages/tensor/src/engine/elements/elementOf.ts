import type { Program } from '../../program/Program.ts'
import { convElement } from './convElement.ts'
import { denseElement } from './denseElement.ts'
import type { Element } from './Element.ts'
import { moveElement } from './moveElement.ts'
import { pairedElement } from './pairedElement.ts'
import { poolElement } from './poolElement.ts'
import { softmaxElement } from './softmaxElement.ts'
import { sumElement } from './sumElement.ts'
import { treesElement } from './treesElement.ts'

/** Returns what computes the elements of tensor `tensor` from the bytes of the tensors before it. */
export function elementOf(
  program: Program,
  tensor: number,
  tensors: readonly Uint8Array[],
): Element {
  const operator = program.operators[tensor]!
  const weights = program.weights[tensor]!
  if (operator.kind === 'input') return (position) => tensors[0]![position]!
  if (operator.kind === 'constant') {
    const { rowBytes } = operator
    return (position) => weights.rows[Math.floor(position / rowBytes)]![position % rowBytes]!
  }
  const source = tensors[operator.source]!
  switch (operator.kind) {
    case 'dense':
      return denseElement(operator, weights, source)
    case 'lookup':
      return (position) => operator.table[source[position]!]!
    case 'conv':
      return convElement(operator, weights, source)
    case 'add':
    case 'mul': {
      const { rows, rowBytes } = program.operators[operator.other]!
      return pairedElement(operator, source, { rows, rowBytes, bytes: tensors[operator.other]! })
    }
    case 'pool':
      return poolElement(operator, source)
    case 'move':
      return moveElement(operator, tensors)
    case 'softmax':
      return softmaxElement(operator, source)
    case 'trees':
      return treesElement(operator, weights.rows, source)
    case 'sum':
      return sumElement(operator, source)
  }
}
