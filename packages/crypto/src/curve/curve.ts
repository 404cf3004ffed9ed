import type { Address, Hash, Hex } from 'viem'

/** secp256k1 as receipts and vouchers need it. */
export type Curve = {
  /** Whether libsecp256k1 runs as a native module or in WebAssembly. */
  name: 'native' | 'wasm'
  /** Signs a digest: 65 bytes, deterministic (RFC 6979) and with the lower value of s. */
  sign: (digest: Hash, privateKey: Uint8Array) => Hex
  /**
   * Returns who signed a digest; undefined for a signature that is none: of another length than 64 (ERC-2098) or 65 bytes,
   * with the greater value of s, or with another recovery byte than 0, 1, 27 or 28.
   */
  recover: (digest: Hash, signature: Hex) => Address | undefined
}

/** What a library offers: 64 bytes of signature, and a recovery id of 0 or 1. */
export type Primitives = {
  sign: (digest: Uint8Array, privateKey: Uint8Array) => { signature: Uint8Array; recovery: number }
  /** Returns 65 bytes of public key, or undefined. */
  recover: (digest: Uint8Array, signature: Uint8Array, recovery: number) => Uint8Array | undefined
}
