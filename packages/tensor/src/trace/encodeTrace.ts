import { concatBytes } from 'viem'

import type { Trace } from './Trace.ts'

/** Serialises a trace as operators serve it: the rows of tensors 1…n. */
export function encodeTrace(trace: Trace): Uint8Array {
  return concatBytes(trace.tensors.slice(1).flat())
}
