import { InputLengthError } from '../engine/errors.ts'
import type { Program } from '../program/Program.ts'
import { createArena } from './Arena.ts'
import { commitRoots, commitTensor } from './commitTensors.ts'
import type { Engine } from './Engine.ts'
import type { Kernels } from './Kernels.ts'
import { layOut } from './layout.ts'
import { prepareSteps } from './prepareSteps.ts'
import { readTrace, takeSnapshot } from './readTrace.ts'
import type { Place } from './Step.ts'

/** Creates an engine over kernels that nothing else uses. */
export function createFastEngine(program: Program, kernels: Kernels): Engine {
  const arena = createArena(kernels)
  const layout = layOut(program, arena)
  const steps = prepareSteps(program, arena, layout)
  const { places } = layout
  const viewOf = ({ address, rows, rowBytes }: Place) => arena.view(address, rows * rowBytes)

  function run(input: Uint8Array) {
    const target = viewOf(places[0]!)
    if (input.length !== target.length) throw new InputLengthError(input.length, target.length)
    target.set(input)
    for (const step of steps) step()
  }

  return {
    kind: 'fast',
    memoryBytes: arena.size(),
    execute: (input) => {
      run(input)
      return places.map((place) => viewOf(place).slice())
    },
    answer: (input) => {
      run(input)
      return viewOf(places.at(-1)!).slice()
    },
    commit: (input) => {
      run(input)
      for (const tensor of places.keys()) commitTensor(kernels, layout, tensor)
      commitRoots(kernels, layout)
      return readTrace(program, layout, takeSnapshot(arena, layout))
    },
  }
}
