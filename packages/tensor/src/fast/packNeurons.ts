import type { Neurons } from '../program/Program.ts'

/** Outputs that the kernels compute together. */
const blockOutputs = 16

/** Neurons of which outputs `first` to `first + count − 1` are packed. */
export type PackParameters = {
  neurons: Neurons
  first: number
  count: number
}

export type PackWeightsParameters = PackParameters & {
  /** Bytes of the source that lie beside each other, and how often such a run comes. */
  runLength: number
  runs: number
}

/**
 * Packs weights as `convolve` reads them: by blocks of 16 outputs, and in each by runs, by pairs of weights, by outputs.
 * What fills up a pair or a block is zero.
 */
export function packWeights(parameters: PackWeightsParameters): Int16Array {
  const { neurons, first, count, runLength, runs } = parameters
  const pairs = Math.ceil(runLength / 2)
  const inputs = runs * runLength
  const blockLength = runs * pairs * 2 * blockOutputs
  const packed = new Int16Array(Math.ceil(count / blockOutputs) * blockLength)
  for (let output = 0; output < count; output += 1) {
    const row = (first + output) * inputs
    const block = Math.floor(output / blockOutputs) * blockLength + (output % blockOutputs) * 2
    for (let i = 0; i < inputs; i += 1) {
      const run = Math.floor(i / runLength)
      const at = i - run * runLength
      const pair = run * pairs + (at >> 1)
      packed[block + pair * 2 * blockOutputs + (at & 1)] = neurons.values[row + i]!
    }
  }
  return packed
}

/**
 * Packs what outputs are requantised with: for every block 16 biases, 16 multipliers, 16 powers of two for shifts to the
 * left and 16 for shifts to the right, as `requantise` of the kernels takes them.
 */
export function packScales({ neurons, first, count }: PackParameters): Int32Array {
  const { biases, multipliers, shifts } = neurons
  const packed = new Int32Array(Math.ceil(count / blockOutputs) * 4 * blockOutputs)
  for (let output = 0; output < count; output += 1) {
    const at = Math.floor(output / blockOutputs) * 4 * blockOutputs + (output % blockOutputs)
    const { up, down } = shiftFactors(shifts[first + output]!)
    packed[at] = biases[first + output]!
    packed[at + blockOutputs] = multipliers[first + output]!
    packed[at + 2 * blockOutputs] = up
    packed[at + 3 * blockOutputs] = down
  }
  return packed
}

/** Returns the powers of two that stand for a shift, which is limited to −31…30: 2^shift to the left, 2^(31 + shift) to the right. */
export function shiftFactors(shift: number): { up: number; down: number } {
  const limited = Math.min(Math.max(shift, -31), 30)
  return { up: 2 ** Math.max(limited, 0), down: 2 ** (31 + Math.min(limited, 0)) }
}
