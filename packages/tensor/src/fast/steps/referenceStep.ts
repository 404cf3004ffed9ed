import { computeTensor } from '../../engine/computeTensor.ts'
import type { Step, StepContext } from '../Step.ts'

/** Whatever has no heavy arithmetic, as the reference computes it. */
export function referenceStep(context: StepContext): Step {
  const { program, arena, places, tensor } = context
  const viewOf = (index: number) => {
    const { address, rows, rowBytes } = places[index]!
    return arena.view(address, rows * rowBytes)
  }
  return () => {
    const before = Array.from({ length: tensor }, (_, index) => viewOf(index))
    viewOf(tensor).set(computeTensor(program, tensor, before))
  }
}
