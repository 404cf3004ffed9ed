import { joinRows } from './joinRows.ts'
import type { Trace } from './Trace.ts'

/** Returns the bytes of the last tensor. */
export function outputOf(trace: Trace): Uint8Array {
  return joinRows(trace.tensors.at(-1)!)
}
