import { concatBytes } from 'viem'

import type { Program } from './Program.ts'

/** Returns the weight rows of all operators, concatenated. */
export function weightBytes(program: Program): Uint8Array {
  return concatBytes(program.weights.flatMap((weights) => weights?.rows ?? []))
}
