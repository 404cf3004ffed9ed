import { type Hash, type Hex, size, slice } from 'viem'

import { SupplyError } from './errors.ts'

/** Splits what was supplied for all leaves of a tree into its hashes. */
export function parseHashes(data: Hex): Hash[] {
  const length = size(data)
  if (length % 32 !== 0) throw new SupplyError(`${length} bytes are no list of 32-byte hashes.`)
  return Array.from({ length: length / 32 }, (_, i) => slice(data, i * 32, (i + 1) * 32))
}
