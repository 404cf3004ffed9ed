import type { ConvOperator, DenseOperator, Operator } from './Operator.ts'
import { weightRowLength } from './weightRow.ts'

/** Number and length of an operator's weight rows. */
export type WeightShape = {
  count: number
  /** Bytes of each row. */
  length: number
}

/** Returns how many weight rows an operator has and how long they are; undefined for operators without weights. */
export function weightShape(operator: Operator): WeightShape | undefined {
  switch (operator.kind) {
    case 'dense':
      return { count: operator.rowBytes, length: weightRowLength(operator.inputs) }
    case 'conv':
      return { count: operator.outputs, length: weightRowLength(inputsOf(operator)) }
    case 'constant':
      return { count: operator.rows, length: operator.rowBytes }
    case 'trees':
      return { count: operator.rows, length: operator.rowLength }
    default:
      return undefined
  }
}

/** Returns the weights in a row of an operator of dot products: the bytes that an element multiplies. */
export function inputsOf(operator: DenseOperator | ConvOperator): number {
  if (operator.kind === 'dense') return operator.inputs
  const { kernelHeight, kernelWidth, channels, groups } = operator
  return kernelHeight * kernelWidth * (channels / groups)
}
