import { checksumAddress, type Hash, type Hex } from 'viem'

import { instantiateKernels } from '../kernels/instantiateKernels.ts'
import type { Curve, Primitives } from './curve.ts'

const halfOrder = Buffer.from(
  '7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0',
  'hex',
)

/** Puts the primitives of a library into the forms of the protocol. */
export function curveOf(name: Curve['name'], primitives: Primitives): Curve {
  const addressOf = createAddressOf()
  return {
    name,
    sign(digest, privateKey) {
      const { signature, recovery } = primitives.sign(bytesOf(digest), privateKey)
      const hex = Buffer.from(signature.buffer, signature.byteOffset, 64).toString('hex')
      return `0x${hex}${recovery === 0 ? '1b' : '1c'}`
    },
    recover(digest, signature) {
      const split = splitSignature(signature)
      if (split === undefined) return undefined
      const key = primitives.recover(bytesOf(digest), split.signature, split.recovery)
      return key && addressOf(key)
    },
  }
}

function bytesOf(hash: Hash): Buffer {
  return Buffer.from(hash.slice(2), 'hex')
}

/** Returns r ‖ s and the recovery id of a signature; undefined where the ledger takes it for none. */
function splitSignature(hex: Hex) {
  const bytes = Buffer.from(hex.slice(2), 'hex')
  if (hex.length !== 2 + 2 * bytes.length) return undefined
  const signature = bytes.subarray(0, 64)
  let recovery: number
  if (bytes.length === 64) {
    recovery = signature[32]! >> 7
    signature[32]! &= 0x7f
  } else if (bytes.length === 65) {
    const v = bytes[64]!
    recovery = v < 27 ? v : v - 27
  } else return undefined
  if (recovery > 1 || signature.compare(halfOrder, 0, 32, 32, 64) > 0) return undefined
  return { signature, recovery }
}

function createAddressOf() {
  const { kernels, base } = instantiateKernels(128)
  const memory = Buffer.from(kernels.memory.buffer)
  return (publicKey: Uint8Array) => {
    memory.set(publicKey.subarray(1), base)
    kernels.hashMessages(base, 1, 64, base + 64)
    return checksumAddress(`0x${memory.toString('hex', base + 76, base + 96)}`)
  }
}
