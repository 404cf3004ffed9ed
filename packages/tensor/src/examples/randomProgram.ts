import { composeProgram } from '../program/composeProgram.ts'
import type { DenseLayer, Layer } from '../program/Layer.ts'
import type { Program } from '../program/Program.ts'
import type { WeightRow } from '../program/weightRow.ts'
import type { Random } from './createRandom.ts'

/** How large a random program may be. */
export type RandomProgramSize = {
  operators: number
  rows: number
  /** Of the input's rows, and outputs of a dense operator. */
  bytes: number
}

type Shape = { rows: number; rowBytes: number }

/**
 * Makes a program with random shapes, sources, weights and tables. Multipliers and shifts mostly land outputs inside the
 * clamp, and now and then take any value at all.
 */
export function randomProgram(
  random: Random,
  size: RandomProgramSize = { operators: 5, rows: 4, bytes: 40 },
): Program {
  const input = { rows: random.integer(1, size.rows), rowBytes: random.integer(1, size.bytes) }
  const shapes: Shape[] = [input]
  const layers: Layer[] = []
  const count = random.integer(1, size.operators)
  while (layers.length < count) {
    // Mostly a chain, sometimes a branch.
    const source = random.uniform() < 0.75 ? layers.length : random.integer(0, layers.length)
    const read = shapes[source]!
    const isDense = random.uniform() < 0.6
    layers.push(
      isDense
        ? randomDense(random, source, read.rows * read.rowBytes, random.integer(1, size.bytes))
        : { kind: 'lookup', source, table: random.bytes(256) },
    )
    const layer = layers.at(-1)!
    shapes.push(layer.kind === 'dense' ? { rows: 1, rowBytes: layer.rows.length } : read)
  }
  return composeProgram({ input, layers })
}

function randomDense(random: Random, source: number, inputs: number, outputs: number): DenseLayer {
  const [a, b] = [random.integer(0, 255), random.integer(0, 255)]
  const isOpen = random.uniform() < 0.7
  return {
    kind: 'dense',
    source,
    rows: Array.from({ length: outputs }, () => randomRow(random, inputs)),
    outputZero: random.integer(0, 255),
    clampMin: isOpen ? 0 : Math.min(a, b),
    clampMax: isOpen ? 255 : Math.max(a, b),
  }
}

function randomRow(random: Random, inputs: number): WeightRow {
  const weights = Int8Array.from(random.bytes(inputs))
  if (random.uniform() < 0.1) return { ...randomExtremes(random), weights }
  const mean = weights.reduce((sum, weight) => sum + weight * 128, 0)
  const spread = Math.ceil(Math.log2(74 * 74 * Math.sqrt(inputs) + 1)) - 5
  return {
    bias: -mean + random.integer(-5000, 5000),
    multiplier: random.integer(2 ** 30, 2 ** 31 - 1),
    shift: -Math.min(spread, 31),
    weights,
  }
}

/** Values that only a careless implementation gets wrong. */
function randomExtremes(random: Random) {
  const word = () => random.pick([random.uint32() | 0, -(2 ** 31), 2 ** 31 - 1, 2 ** 30, -1, 0, 1])
  return { bias: word(), multiplier: word(), shift: random.integer(-128, 127) }
}
