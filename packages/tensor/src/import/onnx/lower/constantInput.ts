import { refuse } from '../node.ts'
import type { OnnxNode } from '../OnnxModel.ts'
import type { Tensor } from '../Tensor.ts'
import type { Lowering } from './Lowering.ts'

/** Returns the constant that a node must have as an input. */
export function constantInput(
  node: OnnxNode,
  { constantOf }: Lowering,
  i: number,
  role: string,
): Tensor {
  return constantOf(node.inputs[i] ?? '') ?? refuse(node, `its ${role}`, 'computed', 'constant')
}

/** Returns an optional input, which must be constant. */
export function optionalInput(
  node: OnnxNode,
  lowering: Lowering,
  i: number,
  role: string,
): Tensor | undefined {
  return (node.inputs[i] ?? '') === '' ? undefined : constantInput(node, lowering, i, role)
}
