import { concatBytes } from 'viem'

import type { Program } from '../program/Program.ts'
import type { Arena } from './Arena.ts'
import type { Layout } from './layout.ts'
import type { Step } from './Step.ts'
import { stepOf } from './steps/stepOf.ts'

/** Packs weights, writes constants, and returns by tensor what computes it; undefined where nothing does. */
export function prepareSteps(program: Program, arena: Arena, { places }: Layout) {
  const { operators, weights } = program
  const shared = { address: 0, length: 0 }
  const scratch = (length: number) => {
    shared.length = Math.max(shared.length, length)
    return shared
  }
  const steps: (Step | undefined)[] = []
  for (const [tensor, { kind, rows, rowBytes }] of operators.entries()) {
    steps.push(stepOf({ program, arena, places, tensor, scratch }))
    if (kind === 'constant') {
      const bytes = concatBytes([...weights[tensor]!.rows])
      arena.view(places[tensor]!.address, rows * rowBytes).set(bytes)
    }
  }
  shared.address = arena.allocate(shared.length)
  return steps
}
