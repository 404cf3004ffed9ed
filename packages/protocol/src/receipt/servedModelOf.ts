import { type Hash, keccak256, stringToBytes } from 'viem'

/** Returns what a receipt's `servedModel` is for the name that an upstream reported. */
export function servedModelOf(name: string): Hash {
  return keccak256(stringToBytes(name))
}
