import type { Program } from '../program/Program.ts'
import type { Arena } from './Arena.ts'

/** Computes one tensor from those before it. */
export type Step = () => void

/** Where a tensor is, and its shape. */
export type Place = {
  address: number
  rows: number
  rowBytes: number
}

export type StepContext = {
  program: Program
  arena: Arena
  /** By tensor. */
  places: readonly Place[]
  /** The tensor that the step computes. */
  tensor: number
  /** Returns the address of `length` bytes that any step may write over. */
  scratch: (length: number) => Scratch
}

/** Memory that all steps share; where it is, is known once all have asked. */
export type Scratch = { readonly address: number }
