import { type ComposeProgramParameters, composeProgram } from '../program/composeProgram.ts'
import type { WeightRow } from '../program/weightRow.ts'
import { executeTrace } from '../trace/executeTrace.ts'
import { outputOf } from '../trace/outputOf.ts'
import { createFastEngine } from './createFastEngine.ts'
import { SelfCheckError } from './errors.ts'
import type { Kernels } from './Kernels.ts'

const places = 5
const channels = 3

/** Products of extreme and of all other weights, shifts in both directions, and a channel without weights. */
function known(): ComposeProgramParameters {
  const row = (output: number, inputs: number): WeightRow => ({
    bias: output === 3 ? 2 ** 30 + 128 : 1000 * output - 2 ** (output + 5),
    multiplier: output === 5 ? -(2 ** 31) : 2 ** 30 + 12_345_678 * output,
    shift: output === 3 ? -23 : (output % 4) - 9,
    weights: Int8Array.from({ length: inputs }, (_, i) =>
      output === 3
        ? 0
        : output % 2 === 0
          ? ((i * 37 + output * 11) % 256) - 128
          : -128 + (i % 2) * 255,
    ),
  })
  const clamps = { outputZero: 128, clampMin: 3, clampMax: 251 }
  const window = { kernelHeight: 3, kernelWidth: 3, strideHeight: 1, strideWidth: 1 }
  const conv = { ...window, dilationHeight: 1, dilationWidth: 1, padTop: 1, padLeft: 1 }
  return {
    input: { rows: places, rowBytes: places * channels },
    layers: [
      {
        ...{ kind: 'conv', source: 0, width: places, channels, groups: 1, inputZero: 128 },
        ...{ ...conv, ...clamps, height: places, outputWidth: places },
        rows: Array.from({ length: 17 }, (_, output) => row(output, 9 * channels)),
      },
      {
        ...{ kind: 'dense', source: 1, ...clamps },
        rows: Array.from({ length: 7 }, (_, output) => row(output, 17 * places * places)),
      },
      {
        ...{ kind: 'add', source: 2, other: 2, leftShift: 20, zero1: 100, zero2: 7 },
        ...{ multiplier1: 2 ** 30, shift1: 0, multiplier2: 1_913_946_815, shift2: -2 },
        ...{ multiplier: 1_098_017_566, shift: -17, ...clamps },
      },
    ],
  }
}

/** Makers of kernels that were found exact. */
const exact = new WeakSet<() => Kernels>()

/** Runs a known program on kernels, the first time they are used, and throws unless bytes and hashes are the reference's. */
export function ensureExact(instantiate: () => Kernels) {
  if (exact.has(instantiate)) return
  selfCheck(instantiate)
  exact.add(instantiate)
}

function selfCheck(instantiate: () => Kernels) {
  const program = composeProgram(known())
  const { rows, rowBytes } = program.operators[0]!
  const input = Uint8Array.from({ length: rows * rowBytes }, (_, i) => (i * 91) % 256)
  const computed = createFastEngine(program, instantiate()).commit(input)
  const needed = executeTrace(program, input)
  const differs = outputOf(needed).some((byte, i) => outputOf(computed)[i] !== byte)
  if (differs) throw new SelfCheckError('products')
  if (computed.evidenceHash !== needed.evidenceHash) throw new SelfCheckError('hashes')
}
