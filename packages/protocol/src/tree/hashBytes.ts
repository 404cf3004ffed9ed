import { type ByteArray, keccak256 } from 'viem'

/** keccak256 of a domain byte and parts: what leaves, nodes and roots have in common. */
export function hashBytes(domain: number, ...parts: readonly ByteArray[]): ByteArray {
  const length = parts.reduce((sum, part) => sum + part.length, 1)
  const data = new Uint8Array(length)
  data[0] = domain
  let offset = 1
  for (const part of parts) {
    data.set(part, offset)
    offset += part.length
  }
  return keccak256(data, 'bytes')
}
