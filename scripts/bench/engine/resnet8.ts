import {
  type AddLayer,
  type ConvLayer,
  composeProgram,
  type DenseLayer,
  type Layer,
  type PoolLayer,
  type Program,
  type SoftmaxLayer,
  type WeightRow,
} from '@assay/tensor'
import { createRandom, type Random } from '@assay/tensor/examples'

/** Multiply-accumulates of the convolutions and the dense operator, taps in the padding included. */
export const resnet8Macs = 12_501_632

/** Bytes of the input: 32 × 32 pixels of three channels. */
export const resnet8Input = 32 * 32 * 3

type Convolution = {
  source: number
  size: number
  channels: number
  outputs: number
  kernel: number
  stride: number
}

/** The program of MLPerf Tiny's ResNet-8 for CIFAR-10, with random weights. */
export function resnet8(seed = 8): Program {
  const random = createRandom(seed)
  const conv = (
    source: number,
    size: number,
    channels: number,
    outputs: number,
    kernel: number,
    stride: number,
  ) => convolution(random, { source, size, channels, outputs, kernel, stride })
  const layers: Layer[] = [
    conv(0, 32, 3, 16, 3, 1),
    conv(1, 32, 16, 16, 3, 1),
    conv(2, 32, 16, 16, 3, 1),
    addition(1, 3),
    conv(4, 32, 16, 32, 3, 2),
    conv(5, 16, 32, 32, 3, 1),
    conv(4, 32, 16, 32, 1, 2),
    addition(7, 6),
    conv(8, 16, 32, 64, 3, 2),
    conv(9, 8, 64, 64, 3, 1),
    conv(8, 16, 32, 64, 1, 2),
    addition(11, 10),
    averagePool(12),
    { kind: 'move', fill: 0, rows: 1, rowBytes: 64, dims: [64], pieces: [whole(13, 64)] },
    dense(random, 14),
    softmax(15),
  ]
  return composeProgram({ input: { rows: 32, rowBytes: 96 }, layers })
}

const clamps = { outputZero: 128, clampMin: 0, clampMax: 255 }

function convolution(random: Random, shape: Convolution): ConvLayer {
  const { source, size, channels, outputs, kernel, stride } = shape
  const pad = kernel === 3 && stride === 1 ? 1 : 0
  return {
    kind: 'conv',
    source,
    width: size,
    channels,
    groups: 1,
    kernelHeight: kernel,
    kernelWidth: kernel,
    strideHeight: stride,
    strideWidth: stride,
    dilationHeight: 1,
    dilationWidth: 1,
    padTop: pad,
    padLeft: pad,
    inputZero: 128,
    ...clamps,
    height: size / stride,
    outputWidth: size / stride,
    rows: Array.from({ length: outputs }, () => weightRow(random, kernel * kernel * channels)),
  }
}

function dense(random: Random, source: number): DenseLayer {
  const rows = Array.from({ length: 10 }, () => weightRow(random, 64))
  return { kind: 'dense', source, rows, ...clamps }
}

/** A row whose outputs spread over the whole range of bytes. */
function weightRow(random: Random, inputs: number): WeightRow {
  const weights = Int8Array.from(random.bytes(inputs))
  const fold = weights.reduce((sum, weight) => sum - 128 * weight, 0)
  const shift = -Math.round(Math.log2(74 * Math.sqrt(inputs)))
  const multiplier = random.integer(2 ** 30, 2 ** 31 - 1)
  return { bias: fold + random.integer(-2000, 2000), multiplier, shift, weights }
}

function addition(source: number, other: number): AddLayer {
  return {
    kind: 'add',
    source,
    other,
    leftShift: 20,
    ...{ zero1: 128, multiplier1: 2 ** 30, shift1: 0 },
    ...{ zero2: 128, multiplier2: 1_717_986_918, shift2: -1 },
    ...{ multiplier: 1_342_177_280, shift: -19 },
    ...clamps,
  }
}

function averagePool(source: number): PoolLayer {
  return {
    kind: 'pool',
    source,
    mode: 'average',
    width: 8,
    channels: 64,
    ...{ kernelHeight: 8, kernelWidth: 8, strideHeight: 8, strideWidth: 8 },
    ...{ padTop: 0, padLeft: 0, clampMin: 0, clampMax: 255 },
    ...{ height: 1, outputWidth: 1 },
  }
}

function whole(source: number, bytes: number) {
  return { source, base: 0, axes: [{ low: 0, high: bytes, stride: 1 }] }
}

function softmax(source: number): SoftmaxLayer {
  return {
    kind: 'softmax',
    source,
    depth: 10,
    multiplier: 1_476_210_432,
    leftShift: 24,
    diffMin: -124,
  }
}
