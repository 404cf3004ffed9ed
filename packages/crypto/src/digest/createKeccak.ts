import { createKeccak as createHasher } from 'hash-wasm'
import type { Hash } from 'viem'

/** keccak256 of bytes that come in pieces. */
export type Keccak = { update: (bytes: Uint8Array) => void; digest: () => Hash }

/** Creates a hasher of what is too long to be held at once. */
export async function createKeccak(): Promise<Keccak> {
  const hasher = (await createHasher(256)).init()
  return { update: (bytes) => void hasher.update(bytes), digest: () => `0x${hasher.digest('hex')}` }
}
