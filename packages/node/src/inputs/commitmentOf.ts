import { hashInput, InputLengthError, type Program } from '@assay/tensor'
import type { Hash } from 'viem'

/** Returns the commitment to an input of an exact model; nothing for bytes that are no input of it. */
export function commitmentOf(program: Program, input: Uint8Array): Hash | undefined {
  try {
    return hashInput(program, input)
  } catch (error) {
    if (error instanceof InputLengthError) return undefined
    throw error
  }
}
