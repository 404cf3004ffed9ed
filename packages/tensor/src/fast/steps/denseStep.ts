import type { DenseOperator } from '../../program/Operator.ts'
import { outputWord } from '../outputWord.ts'
import { packScales, packWeights } from '../packNeurons.ts'
import type { Step, StepContext } from '../Step.ts'

/** DENSE: a convolution of one place. */
export function denseStep(operator: DenseOperator, context: StepContext): Step {
  const { program, arena, places, tensor } = context
  const { inputs, rowBytes: outputs } = operator
  const all = { neurons: program.weights[tensor]!, first: 0, count: outputs }
  const weights = arena.store(packWeights({ ...all, runLength: inputs, runs: 1 }))
  const scales = arena.store(packScales(all))
  const taps = arena.store(Int32Array.of(0))
  const image = context.scratch(2 * inputs)
  const [source, out] = [places[operator.source]!.address, places[tensor]!.address]
  const [pairs, output] = [Math.ceil(inputs / 2), outputWord(operator)]
  const { widenImage, convolve } = arena.kernels

  return () => {
    const { address } = image
    widenImage(source, 1, inputs, address, 1, inputs, 0, 0, 0)
    convolve(address, 1, 1, 0, 0, taps, 1, pairs, weights, scales, out, outputs, outputs, output)
  }
}
