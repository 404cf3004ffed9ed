import { composeProgram, encodeTree, type Layer, type Program, type WeightRow } from '@assay/tensor'
import { createRandom, type Random } from '@assay/tensor/examples'

/** A program whose figures stand for a known model, and an input of it. */
export type MeasuredProgram = { program: Program; input: Uint8Array }

/** Activations below zero are zero, as after a ReLU. */
const rectified = { outputZero: 0, clampMin: 0, clampMax: 255 }

function weightRows(random: Random, count: number, inputs: number, shift: number): WeightRow[] {
  return Array.from({ length: count }, () => ({
    bias: 0,
    multiplier: 2 ** 30,
    shift,
    weights: Int8Array.from({ length: inputs }, () => random.integer(-127, 127)),
  }))
}

/** A byte, zero every other time. */
function activations(random: Random, length: number): Uint8Array {
  return random.bytes(length).map((byte) => (random.uniform() < 0.5 ? 0 : byte))
}

/** As many operators as ResNet-8 has, the last being its widest convolution: 3 × 3 over 8 × 8 places of 64 channels. */
export function resnet8Conv(): MeasuredProgram {
  const random = createRandom(8)
  const table = Uint8Array.from({ length: 256 }, (_, byte) => byte)
  const lookups = Array.from(
    { length: 15 },
    (_, source): Layer => ({
      kind: 'lookup',
      source,
      table,
    }),
  )
  const conv: Layer = {
    kind: 'conv',
    source: 15,
    width: 8,
    channels: 64,
    kernelHeight: 3,
    kernelWidth: 3,
    strideHeight: 1,
    strideWidth: 1,
    dilationHeight: 1,
    dilationWidth: 1,
    padTop: 1,
    padLeft: 1,
    groups: 1,
    inputZero: 0,
    height: 8,
    outputWidth: 8,
    ...rectified,
    rows: weightRows(random, 64, 576, -12),
  }
  const input = { rows: 8, rowBytes: 512 }
  const program = composeProgram({ input, layers: [...lookups, conv] })
  return { program, input: activations(random, 8 * 512) }
}

/** A forest of 100 trees of depth 6 over 64 features, and the sum of its leaves. */
export function trees100x6(): MeasuredProgram {
  const random = createRandom(100)
  const tree = () =>
    encodeTree({
      nodes: Array.from({ length: 63 }, (_, n) => ({
        feature: random.integer(0, 63),
        threshold: random.integer(1, 255),
        below: n < 31 ? { node: 2 * n + 1 } : { leaf: 2 * n - 62 },
        otherwise: n < 31 ? { node: 2 * n + 2 } : { leaf: 2 * n - 61 },
      })),
      leaves: Array.from({ length: 64 }, () => [random.uint32() | 0]),
    })
  const trees = Array.from({ length: 100 }, tree)
  const layers: Layer[] = [
    { kind: 'trees', source: 0, featureBytes: 1, values: 1, trees },
    { kind: 'sum', source: 1, outputs: 1, bias: Int32Array.of(0) },
  ]
  const program = composeProgram({ input: { rows: 1, rowBytes: 64 }, layers })
  return { program, input: random.bytes(64) }
}

/**
 * A 3 × 3 convolution without padding, from 10 × 10 places of 64 channels to 8 × 8 of 28: 1,792 elements of 576
 * multiplications, 1,032,192 together. Its window and its depth are those of ResNet-8's widest convolution.
 */
export function conv1M(): MeasuredProgram {
  const random = createRandom(3)
  const conv: Layer = {
    kind: 'conv',
    source: 0,
    width: 10,
    channels: 64,
    kernelHeight: 3,
    kernelWidth: 3,
    strideHeight: 1,
    strideWidth: 1,
    dilationHeight: 1,
    dilationWidth: 1,
    padTop: 0,
    padLeft: 0,
    groups: 1,
    inputZero: 0,
    height: 8,
    outputWidth: 8,
    ...rectified,
    rows: weightRows(random, 28, 576, -12),
  }
  const program = composeProgram({ input: { rows: 10, rowBytes: 640 }, layers: [conv] })
  return { program, input: activations(random, 6_400) }
}

/** Two dense operators of 1,048,576 multiplications together. */
export function dense1M(): MeasuredProgram {
  const random = createRandom(1)
  const layers: Layer[] = [
    { kind: 'dense', source: 0, ...rectified, rows: weightRows(random, 512, 1024, -13) },
    { kind: 'dense', source: 1, ...rectified, rows: weightRows(random, 1024, 512, -12) },
  ]
  const program = composeProgram({ input: { rows: 1, rowBytes: 1024 }, layers })
  return { program, input: activations(random, 1024) }
}
