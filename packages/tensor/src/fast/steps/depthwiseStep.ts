import type { ConvOperator } from '../../program/Operator.ts'
import type { Neurons } from '../../program/Program.ts'
import { type Image, widenStep } from '../image.ts'
import { outputWord } from '../outputWord.ts'
import { packScales } from '../packNeurons.ts'
import type { Step, StepContext } from '../Step.ts'

/** Channels that the kernel computes together. */
const blockChannels = 16

/** Convolution of every channel by itself. */
export function depthwiseStep(operator: ConvOperator, image: Image, context: StepContext): Step {
  const { program, arena, places, tensor } = context
  const { channels, rows, rowBytes } = operator
  const neurons = program.weights[tensor]!
  const taps = tapsOf(operator, image)
  const weights = arena.store(packTaps(neurons, channels, taps.length))
  const scales = arena.store(packScales({ neurons, first: 0, count: channels }))
  const pairs = Math.ceil(taps.length / 2)
  // The weight beside the last one of an odd number is zero; any place will do for it.
  const tapsAt = arena.store(Int32Array.of(...taps, 0))
  const [columns, output] = [rowBytes / channels, outputWord(operator)]
  const { lineStep, columnStep } = image
  const out = places[tensor]!.address
  const { convolveDepthwise } = arena.kernels
  const widen = widenStep(operator, image, context)

  return () => {
    const from = widen()
    // biome-ignore format: the kernel's arguments, in its order
    convolveDepthwise(from, rows, columns, lineStep, columnStep, tapsAt, pairs, weights, scales, out, channels, output)
  }
}

/** Bytes from a window's start to each of its places. */
function tapsOf(operator: ConvOperator, { length }: Image): number[] {
  const { channels, kernelHeight, kernelWidth, dilationHeight, dilationWidth } = operator
  return Array.from({ length: kernelHeight * kernelWidth }, (_, tap) => {
    const line = Math.floor(tap / kernelWidth) * dilationHeight
    const place = (tap % kernelWidth) * dilationWidth
    return 2 * (line * length + place * channels)
  })
}

/** Packs weights by blocks of 16 channels, and in each by pairs of taps, by channels. */
function packTaps({ values }: Neurons, channels: number, taps: number): Int16Array {
  const pairs = Math.ceil(taps / 2)
  const blockLength = pairs * 2 * blockChannels
  const packed = new Int16Array(Math.ceil(channels / blockChannels) * blockLength)
  for (const [i, value] of values.entries()) {
    const channel = Math.floor(i / taps)
    const tap = i % taps
    const block = Math.floor(channel / blockChannels) * blockLength
    packed[block + ((tap >> 1) * blockChannels + (channel % blockChannels)) * 2 + (tap & 1)] = value
  }
  return packed
}
