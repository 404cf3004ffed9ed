import { composeProgram, execute, type Layer, type Program } from '@assay/tensor'
import { createRandom, type Random } from '@assay/tensor/examples'
import { bytesToHex } from 'viem'
import { describe, expect, test } from 'vitest'

import { deployVerifier, networkHelpers } from '../contracts/TensorVerifier/fixtures.ts'
import { deployWeights, fuzzRuns } from './tensorWorld.ts'

/** Lines, places and channels of the source, kernel, and channels of the output; strides, dilations and pads if they matter. */
type Shape = {
  image: [height: number, width: number, channels: number]
  kernel: [height: number, width: number]
  outputs: number
  groups?: number
  strides?: [height: number, width: number]
  dilations?: [height: number, width: number]
  /** Outside the image before it and behind it, in both directions. */
  pad?: [before: number, behind: number]
}

/** Bytes of the source and weights. */
type Fill = 'random' | 'greatest' | 'least'

const runs = fuzzRuns(24)
const timeoutMs = 60_000 + runs * 2_000

function places(size: number, kernel: number, stride: number, dilation: number, pads: number) {
  return Math.floor((size + pads - (kernel - 1) * dilation - 1) / stride) + 1
}

function weightOf(random: Random, fill: Fill) {
  if (fill === 'random') return random.integer(-128, 127)
  return fill === 'greatest' ? 127 : -128
}

function convolve(random: Random, shape: Shape, fill: Fill) {
  const { groups = 1, strides = [1, 1], dilations = [1, 1], pad = [0, 0] } = shape
  const [height, width, channels] = shape.image
  const [kernelHeight, kernelWidth] = shape.kernel
  const pads = pad[0] + pad[1]
  const fanIn = (kernelHeight * kernelWidth * channels) / groups
  const layer: Layer = {
    kind: 'conv',
    ...{ source: 0, width, channels, groups, kernelHeight, kernelWidth },
    ...{ strideHeight: strides[0], strideWidth: strides[1] },
    ...{ dilationHeight: dilations[0], dilationWidth: dilations[1] },
    ...{ padTop: pad[0], padLeft: pad[0], inputZero: random.integer(0, 255) },
    ...{ outputZero: random.integer(0, 255), clampMin: 3, clampMax: 250 },
    height: places(height, kernelHeight, strides[0], dilations[0], pads),
    outputWidth: places(width, kernelWidth, strides[1], dilations[1], pads),
    rows: Array.from({ length: shape.outputs }, () => ({
      bias: random.integer(-10_000, 10_000),
      multiplier: 2 ** 30 + random.integer(0, 2 ** 30 - 1),
      shift: -Math.ceil(Math.log2(fanIn) / (fill === 'random' ? 2 : 1)) - 6,
      weights: Int8Array.from({ length: fanIn }, () => weightOf(random, fill)),
    })),
  }
  const program = composeProgram({
    input: { rows: height, rowBytes: width * channels },
    layers: [layer],
  })
  const input = random.bytes(height * width * channels)
  return { program, input: fill === 'random' ? input : input.fill(255) }
}

async function compare({ program, input }: { program: Program; input: Uint8Array }) {
  const { verifier } = await networkHelpers.loadFixture(deployVerifier)
  const descriptors = program.descriptors.map((descriptor) => bytesToHex(descriptor))
  const weights = await deployWeights(program)
  const output = await verifier.read.evaluate([descriptors, weights, bytesToHex(input)])
  expect(output).toBe(bytesToHex(execute(program, input).at(-1)!))
}

const shapes: [name: string, shape: Shape][] = [
  [
    'the widest of ResNet-8, a quarter of its outputs',
    { image: [8, 8, 64], kernel: [3, 3], outputs: 16, pad: [1, 1] },
  ],
  [
    'with strides, of ResNet-8',
    { image: [16, 16, 32], kernel: [3, 3], outputs: 8, strides: [2, 2], pad: [0, 1] },
  ],
  ['a shortcut of ResNet-8', { image: [16, 16, 32], kernel: [1, 1], outputs: 16, strides: [2, 2] }],
  ['one place, of DS-CNN', { image: [25, 5, 64], kernel: [1, 1], outputs: 12 }],
  ['channels of more than a segment', { image: [3, 9, 164], kernel: [2, 2], outputs: 3 }],
  ['the fewest channels', { image: [5, 23, 4], kernel: [3, 3], outputs: 5, pad: [2, 1] }],
  ['groups', { image: [6, 7, 48], kernel: [3, 3], outputs: 8, groups: 4, pad: [1, 1] }],
  ['dilated lines', { image: [9, 11, 8], kernel: [3, 2], outputs: 4, dilations: [2, 1] }],
  ['windows all outside', { image: [4, 4, 8], kernel: [2, 3], outputs: 3, pad: [4, 5] }],
]

describe('behavior: whole convolutions are the same in Solidity and TypeScript', () => {
  test.each(shapes)('%s', async (_, shape) => {
    await compare(convolve(createRandom(7), shape, 'random'))
    await compare(convolve(createRandom(8), shape, 'greatest'))
    await compare(convolve(createRandom(9), shape, 'least'))
  })

  // Channels that four does not divide, wide kernels and dilated places take the way position by position.
  test(
    'random shapes',
    async () => {
      const random = createRandom(10)
      for (let run = 0; run < runs; run += 1) {
        const groups = random.integer(1, 3)
        const dilations = [random.integer(1, 2), random.integer(0, 3) === 0 ? 2 : 1] as [
          number,
          number,
        ]
        const kernel = [random.integer(1, 3), random.integer(1, 4)] as [number, number]
        const size = (taps: number, dilation: number) =>
          (taps - 1) * dilation + random.integer(1, 14)
        const depth = random.integer(0, 3) === 0 ? random.integer(1, 9) : 4 * random.integer(1, 11)
        const shape: Shape = {
          image: [size(kernel[0], dilations[0]), size(kernel[1], dilations[1]), groups * depth],
          ...{ kernel, groups, dilations, outputs: groups * random.integer(1, 3) },
          strides: [random.integer(1, 3), random.integer(1, 3)],
          pad: [random.integer(0, 2), random.integer(0, 2)],
        }
        await compare(convolve(random, shape, 'random'))
      }
    },
    timeoutMs,
  )
})
