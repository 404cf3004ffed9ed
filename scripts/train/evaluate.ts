import { execute, type Program } from '@assay/tensor'
import type { Sample } from '@assay/tensor/node'
import { type FloatLayer, runLayer } from '@assay/tensor/quantise'

/** Returns the position of the largest value, the first of equals. */
export function argMax(values: ArrayLike<number>): number {
  let best = 0
  for (let i = 1; i < values.length; i += 1) if (values[i]! > values[best]!) best = i
  return best
}

/** Returns the part of samples that a quantised program labels right. */
export function programAccuracy(program: Program, samples: readonly Sample[]): number {
  return accuracy(samples, (input) => execute(program, input).at(-1)!)
}

/** Returns the part of samples that a network in floating point labels right. */
export function floatAccuracy(layers: readonly FloatLayer[], samples: readonly Sample[]): number {
  return accuracy(samples, (input) =>
    layers.reduce<ArrayLike<number>>(
      (values, layer) => runLayer(layer, values).outputs,
      Float64Array.from(input, (byte) => byte / 255),
    ),
  )
}

function accuracy(samples: readonly Sample[], scores: (input: Uint8Array) => ArrayLike<number>) {
  const right = samples.filter(({ input, label }) => argMax(scores(input)) === label)
  return right.length / samples.length
}
