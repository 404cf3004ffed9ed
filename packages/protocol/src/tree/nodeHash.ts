import { type ByteArray, bytesToHex, type Hash } from 'viem'

import { hashBytes } from './hashBytes.ts'
import { hashToBytes } from './hashToBytes.ts'

/** Hashes two nodes into their parent: keccak256(0x01 ‖ left ‖ right), or the zero word for two zero words. */
export function nodeHash(left: Hash, right: Hash): Hash {
  return bytesToHex(hashNodes(hashToBytes(left), hashToBytes(right)))
}

/** `nodeHash` over bytes. */
export function hashNodes(left: ByteArray, right: ByteArray): ByteArray {
  const isMissing = left.every((byte) => byte === 0) && right.every((byte) => byte === 0)
  return isMissing ? new Uint8Array(32) : hashBytes(1, left, right)
}
