import type { Trace } from '../trace/Trace.ts'

/** Runs one program, again and again. */
export type Engine = {
  kind: 'fast' | 'reference'
  /** Returns the bytes of every tensor: the input first, the output last. */
  execute: (input: Uint8Array) => Uint8Array[]
  /** Returns the bytes of the last tensor. */
  answer: (input: Uint8Array) => Uint8Array
  /** Executes, and commits to every tensor. */
  commit: (input: Uint8Array) => Trace
  /** Bytes of memory that the engine holds beside the program. */
  memoryBytes: number
}
