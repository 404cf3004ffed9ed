import { type ByteArray, type Hash, hexToBytes } from 'viem'

import { HashLengthError } from './errors.ts'

/** Bytes of one 32-byte hash. */
export function hashToBytes(hash: Hash): ByteArray {
  const bytes = hexToBytes(hash)
  if (bytes.length !== 32) throw new HashLengthError(bytes.length)
  return bytes
}
