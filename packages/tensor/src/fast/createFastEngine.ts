import type { Program } from '../program/Program.ts'
import { commitRoots, commitTensor } from './commitTensors.ts'
import { createRunner, type Runner } from './createRunner.ts'
import type { Engine } from './Engine.ts'
import type { Kernels } from './Kernels.ts'
import { readTrace, takeSnapshot } from './readTrace.ts'

/** Creates an engine over kernels that nothing else uses. */
export function createFastEngine(program: Program, kernels: Kernels): Engine {
  return engineOf(createRunner(program, kernels))
}

/** Returns the engine that runs a program where it is. */
export function engineOf({ arena, layout, run, view }: Runner): Engine {
  const { kernels } = arena
  const { places } = layout

  return {
    kind: 'fast',
    memoryBytes: arena.size(),
    execute: (input) => {
      run(input)
      return places.map((_, tensor) => view(tensor).slice())
    },
    answer: (input) => {
      run(input)
      return view(places.length - 1).slice()
    },
    commit: (input) => {
      run(input)
      for (const tensor of places.keys()) commitTensor(kernels, layout, tensor)
      commitRoots(kernels, layout)
      return readTrace(layout, takeSnapshot(arena, layout))
    },
  }
}
