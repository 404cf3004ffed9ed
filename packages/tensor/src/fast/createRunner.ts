import { InputLengthError } from '../engine/errors.ts'
import type { Program } from '../program/Program.ts'
import { type Arena, createArena } from './Arena.ts'
import type { Kernels } from './Kernels.ts'
import { type Layout, layOut } from './layout.ts'
import { prepareSteps } from './prepareSteps.ts'

/** A program in the memory of its kernels. */
export type Runner = {
  arena: Arena
  layout: Layout
  /** Computes all tensors; tells of each, the input included, once it is complete. */
  run: (input: Uint8Array, onTensor?: (tensor: number) => void) => void
  /** Bytes of a tensor, until the next run. */
  view: (tensor: number) => Uint8Array
}

/** Packs a program into the memory of kernels that nothing else uses. */
export function createRunner(program: Program, kernels: Kernels): Runner {
  const arena = createArena(kernels)
  const layout = layOut(program.operators, arena)
  const steps = prepareSteps(program, arena, layout)
  const view = (tensor: number) => {
    const { address, rows, rowBytes } = layout.places[tensor]!
    return arena.view(address, rows * rowBytes)
  }

  function run(input: Uint8Array, onTensor?: (tensor: number) => void) {
    const target = view(0)
    if (input.length !== target.length) throw new InputLengthError(input.length, target.length)
    target.set(input)
    for (const [tensor, step] of steps.entries()) {
      step?.()
      onTensor?.(tensor)
    }
  }
  return { arena, layout, run, view }
}
