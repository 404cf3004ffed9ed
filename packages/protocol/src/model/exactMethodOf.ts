import { type Address, encodeAbiParameters, type Hash, type Hex } from 'viem'

import type { Method } from './method.ts'

export type ExactMethodOfParameters = {
  /** Address of the `TensorVerifier`. */
  verifier: Address
  /** Root of the program tree. */
  root: Hash
  /** All leaves of the program tree. */
  descriptors: readonly Hex[]
}

/** Returns the method of an exact model: its program, judged by the tensor verifier. */
export function exactMethodOf(parameters: ExactMethodOfParameters): Method {
  const { verifier, root, descriptors } = parameters
  return { verifier, root, data: encodeAbiParameters([{ type: 'bytes[]' }], [descriptors]) }
}
