import { type ByteArray, bytesToHex, type Hash, numberToBytes, stringToBytes } from 'viem'

import { hashBytes } from './hashBytes.ts'
import { hashToBytes } from './hashToBytes.ts'

/** What a tree's leaves are: rows of a tensor, tensor roots of a trace, weight rows, operators of a program, or receipts. */
export type TreeTag = 'TNS1' | 'TRC1' | 'WGT1' | 'PRG1' | 'RCP1'

export type RootHashParameters = {
  tag: TreeTag
  /** Leaves of the tree. */
  count: number
  /** Node at the tree's top. */
  top: Hash
}

/** Hashes a tree's top with its tag and leaf count: keccak256(0x02 ‖ tag ‖ count ‖ top). */
export function rootHash(parameters: RootHashParameters): Hash {
  const { tag, count, top } = parameters
  return bytesToHex(hashRoot(tag, count, hashToBytes(top)))
}

/** `rootHash` over bytes. */
export function hashRoot(tag: TreeTag, count: number, top: ByteArray): ByteArray {
  return hashBytes(2, stringToBytes(tag), numberToBytes(count, { size: 8 }), top)
}
