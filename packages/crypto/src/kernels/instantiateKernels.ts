import { kernelsModule } from './kernelsModule.ts'

/** What `assembly/digests.ts` exports; addresses and lengths are bytes. */
export type Kernels = {
  memory: { buffer: ArrayBuffer; grow: (pages: number) => number }
  heapBase: () => number
  /** keccak256 of each of `count` messages of `length` bytes. */
  hashMessages: (messages: number, count: number, length: number, out: number) => void
  /** EIP-712 digests of `count` structs of `length` bytes in the domain of a separator of 32 bytes. */
  hashTyped: (
    separator: number,
    structs: number,
    count: number,
    length: number,
    out: number,
  ) => void
  /** Leaf hashes of `count` rows of `length` bytes; `out` may be `rows`. */
  hashRows: (rows: number, count: number, length: number, out: number) => void
  /** Levels above `count` leaf hashes, each after the one below; returns where the top is. */
  buildLevels: (leaves: number, count: number) => number
  hashRoot: (tag: number, count: number, top: number, out: number) => void
}

/** What is used of the platform's WebAssembly: Node's types alone do not name it. */
type WebAssemblyApi = {
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object) => { exports: object }
}

let compiled: object | undefined

/** Returns the kernels with a memory of their own, of which `bytes` after the heap's base can be used. */
export function instantiateKernels(bytes: number): { kernels: Kernels; base: number } {
  const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyApi }
  compiled ??= new WebAssembly.Module(Buffer.from(kernelsModule, 'base64'))
  const kernels = new WebAssembly.Instance(compiled).exports as Kernels
  const base = Math.ceil(kernels.heapBase() / 16) * 16
  const missing = base + bytes - kernels.memory.buffer.byteLength
  if (missing > 0) kernels.memory.grow(Math.ceil(missing / pageBytes))
  return { kernels, base }
}

const pageBytes = 65_536
