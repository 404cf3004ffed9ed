import { type ByteArray, bytesToHex, type Hash } from 'viem'

import { hashBytes } from './hashBytes.ts'

/**
 * Hashes the data of a leaf: keccak256(0x00 ‖ data).
 *
 * @example
 * leafHash(new Uint8Array([1, 2, 3]))
 * // '0x8d8f…'
 */
export function leafHash(data: ByteArray): Hash {
  return bytesToHex(hashBytes(0, data))
}
