import { type ByteArray, concat, type Hash, type Hex, keccak256 } from 'viem'

export type CommitContentParameters = {
  /** 32 random bytes, fresh for every prompt and every answer; whoever has them can check guesses. */
  salt: Hex
  /** The exact bytes of the prompt or the answer, or its canonical JSON. */
  content: ByteArray
}

/**
 * Returns the salted commitment that stands for a prompt or an answer in the claim of a receipt:
 * keccak256(0x10 ‖ salt ‖ keccak256(content)).
 *
 * @example
 * const inputHash = commitContent({ salt, content: canonicalJson(request) })
 * // "0x51b0…"
 */
export function commitContent({ salt, content }: CommitContentParameters): Hash {
  return keccak256(concat(['0x10', salt, keccak256(content)]))
}
