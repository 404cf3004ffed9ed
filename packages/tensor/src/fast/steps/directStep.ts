import type { ConvOperator } from '../../program/Operator.ts'
import { type Image, widenStep } from '../image.ts'
import { outputWord } from '../outputWord.ts'
import { packScales, packWeights } from '../packNeurons.ts'
import type { Step, StepContext } from '../Step.ts'

/** Convolution that reads its windows where they are in the image. */
export function directStep(operator: ConvOperator, image: Image, context: StepContext): Step {
  const { program, arena, places, tensor } = context
  const { groups, outputs, channels, rows, rowBytes } = operator
  const { runs, runLength, taps } = runsOf(operator, image)
  const [depth, count] = [channels / groups, outputs / groups]
  const parts = Array.from({ length: groups }, (_, group) => {
    const neurons = { neurons: program.weights[tensor]!, first: group * count, count }
    return {
      weights: arena.store(packWeights({ ...neurons, runLength, runs })),
      scales: arena.store(packScales(neurons)),
      offset: 2 * group * depth,
      out: places[tensor]!.address + group * count,
    }
  })
  const tapsAt = arena.store(taps)
  const [pairs, output] = [Math.ceil(runLength / 2), outputWord(operator)]
  const { lines, columns, lineStep, columnStep } = flatten(image, rows, rowBytes / outputs)
  const { convolve } = arena.kernels
  const widen = widenStep(operator, image, context)

  return () => {
    const address = widen()
    for (const { weights, scales, offset, out } of parts) {
      const from = address + offset
      // biome-ignore format: the kernel's arguments, in its order
      convolve(from, lines, columns, lineStep, columnStep, tapsAt, runs, pairs, weights, scales, out, outputs, count, output)
    }
  }
}

/** Runs of neighbouring values that a window consists of, and how many bytes after its start each begins. */
function runsOf(operator: ConvOperator, { length }: Image) {
  const { channels, groups, kernelHeight, kernelWidth } = operator
  const { dilationHeight, dilationWidth } = operator
  // Without groups and dilation the places of a window's line lie beside each other.
  const isWhole = groups === 1 && dilationWidth === 1
  const perLine = isWhole ? 1 : kernelWidth
  const runLength = isWhole ? kernelWidth * channels : channels / groups
  const taps = Int32Array.from({ length: kernelHeight * perLine }, (_, run) => {
    const line = Math.floor(run / perLine) * dilationHeight
    const place = (run % perLine) * dilationWidth
    return 2 * (line * length + place * channels)
  })
  return { runs: taps.length, runLength, taps }
}

/** Joins the lines of the output where the last place of one and the first of the next are as far apart as any two. */
function flatten({ lineStep, columnStep }: Image, lines: number, columns: number) {
  return lineStep === columns * columnStep
    ? { lines: 1, columns: lines * columns, lineStep: 0, columnStep }
    : { lines, columns, lineStep, columnStep }
}
