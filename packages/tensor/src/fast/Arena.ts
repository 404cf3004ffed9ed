import { EngineMemoryError } from './errors.ts'
import type { Kernels } from './Kernels.ts'

/** Hands out the memory of one instance of the kernels; nothing is ever given back. */
export type Arena = {
  kernels: Kernels
  /** Returns the address of `length` bytes, all zero, aligned to 16. */
  allocate: (length: number) => number
  /** Returns the address of a copy. */
  store: (data: Uint8Array | Int16Array | Int32Array) => number
  /** Returns the bytes at an address; no longer valid once more is allocated. */
  view: (address: number, length: number) => Uint8Array
  /** Bytes handed out. */
  size: () => number
}

const page = 65_536

/** Bytes after every piece that kernels may read, and write where they say so. */
const slack = 48

/** Creates an arena over an instance of the kernels that nothing else uses. */
export function createArena(kernels: Kernels): Arena {
  const { memory } = kernels
  const start = kernels.heapBase()
  // Kernels also read the byte before a row.
  let next = start + 16 - (start % 16) + 16

  function allocate(length: number) {
    const address = next
    next += Math.ceil((length + slack) / 16) * 16
    const missing = Math.ceil((next - memory.buffer.byteLength) / page)
    if (missing > 0) grow(missing)
    return address
  }

  function grow(pages: number) {
    try {
      memory.grow(pages)
    } catch (cause) {
      throw new EngineMemoryError(next, cause)
    }
  }

  function view(address: number, length: number) {
    return new Uint8Array(memory.buffer, address, length)
  }

  function store(data: Uint8Array | Int16Array | Int32Array) {
    const address = allocate(data.byteLength)
    view(address, data.byteLength).set(
      new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    )
    return address
  }

  return { kernels, allocate, store, view, size: () => next - start }
}
