import type { Primitives } from './curve.ts'

/** Loads libsecp256k1 in WebAssembly. */
export async function loadWasm(): Promise<Primitives> {
  const wasm = await import('tiny-secp256k1')
  return {
    sign(digest, privateKey) {
      const { signature, recoveryId } = wasm.signRecoverable(digest, privateKey)
      return { signature, recovery: recoveryId }
    },
    recover(digest, signature, recovery) {
      try {
        return wasm.recover(digest, signature, recovery as 0 | 1, false) ?? undefined
      } catch {
        return undefined
      }
    },
  }
}
