import { PlatformUnsupportedError } from './errors.ts'
import type { Kernels } from './Kernels.ts'
import { kernelsModule } from './kernelsModule.ts'

/** What is used of the platform's WebAssembly: Node and browsers have it, neither's types alone would do for both. */
type WebAssemblyApi = {
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object) => { exports: object }
}

let compiled: object | undefined

/** Returns the kernels with a memory of their own. */
export function instantiateKernels(): Kernels {
  const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyApi }
  try {
    compiled ??= new WebAssembly.Module(decodeBase64(kernelsModule))
    return new WebAssembly.Instance(compiled).exports as Kernels
  } catch (cause) {
    throw new PlatformUnsupportedError(cause)
  }
}

function decodeBase64(text: string) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}
