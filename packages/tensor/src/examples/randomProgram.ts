import { composeProgram } from '../program/composeProgram.ts'
import type { Layer } from '../program/Layer.ts'
import type { Program } from '../program/Program.ts'
import type { Random } from './createRandom.ts'
import type { Shape } from './randomContext.ts'
import { layerKinds, randomLayer, shapeOf } from './randomLayer.ts'

/** How large a random program may be, and what it is made of. */
export type RandomProgramSize = {
  operators: number
  rows: number
  /** Of the input's rows, and outputs of an operator that has a shape of its own. */
  bytes: number
  /** Kinds to pick from, all equally often; dense operators and look-ups if missing. */
  kinds?: readonly Layer['kind'][]
}

/** Small programs of every kind of operator. */
export const everyKind: RandomProgramSize = { operators: 6, rows: 4, bytes: 24, kinds: layerKinds }

/**
 * Makes a program with random shapes, sources, weights and tables. Multipliers and shifts mostly land outputs inside the
 * clamp, and now and then take any value at all.
 */
export function randomProgram(
  random: Random,
  size: RandomProgramSize = { operators: 5, rows: 4, bytes: 40 },
): Program {
  const { rows, bytes, kinds } = size
  const input = { rows: random.integer(1, rows), rowBytes: random.integer(1, bytes) }
  const shapes: Shape[] = [input]
  const layers: Layer[] = []
  const count = random.integer(1, size.operators)
  while (layers.length < count) {
    // Mostly a chain, sometimes a branch.
    const source = random.uniform() < 0.75 ? layers.length : random.integer(0, layers.length)
    const read = shapes[source]!
    const kind = kinds === undefined ? randomKind(random) : random.pick(kinds)
    const layer = randomLayer(kind, { random, source, read, shapes, rows, bytes })
    layers.push(layer)
    shapes.push(shapeOf(layer, read))
  }
  return composeProgram({ input, layers })
}

function randomKind(random: Random) {
  return random.uniform() < 0.6 ? 'dense' : 'lookup'
}
