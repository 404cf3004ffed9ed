import { createRequire } from 'node:module'

import type { Primitives } from './curve.ts'

/** The part of `secp256k1` that is used. */
type Native = {
  ecdsaSign: (
    digest: Uint8Array,
    privateKey: Uint8Array,
  ) => { signature: Uint8Array; recid: number }
  ecdsaRecover: (
    signature: Uint8Array,
    recovery: number,
    digest: Uint8Array,
    isCompressed: boolean,
  ) => Uint8Array
}

/** Loads libsecp256k1 as a native module, without the package's fall-back to JavaScript; throws where there is none. */
export function loadNative(): Primitives {
  const native: Native = createRequire(import.meta.url)('secp256k1/bindings.js')
  return {
    sign(digest, privateKey) {
      const { signature, recid } = native.ecdsaSign(digest, privateKey)
      return { signature, recovery: recid }
    },
    recover(digest, signature, recovery) {
      try {
        return native.ecdsaRecover(signature, recovery, digest, false)
      } catch {
        return undefined
      }
    },
  }
}
