import { concatBytes } from 'viem'

import type { Tensor } from './Trace.ts'

/** Returns the rows of a tensor as one run of bytes. */
export function joinRows(tensor: Tensor): Uint8Array {
  return tensor.length === 1 ? tensor[0]! : concatBytes([...tensor])
}
