import fc from 'fast-check'
import { expect, test } from 'vitest'

import { execute } from '../engine/execute.ts'
import { createRandom } from '../examples/createRandom.ts'
import { composeProgram } from '../program/composeProgram.ts'
import type { ConvLayer, Layer } from '../program/Layer.ts'
import type { WeightRow } from '../program/weightRow.ts'
import { executeTrace } from '../trace/executeTrace.ts'
import { createEngine } from './createEngine.ts'

const numRuns = Math.max(100, Number(process.env.FUZZ_RUNS ?? 0))
const clamps = { outputZero: 128, clampMin: 0, clampMax: 255 }

function expectSame(input: { rows: number; rowBytes: number }, layers: Layer[], bytes: Uint8Array) {
  const program = composeProgram({ input, layers })
  expect(createEngine(program).execute(bytes)).toEqual(execute(program, bytes))
}

function dense(rows: WeightRow[]): Layer {
  return { kind: 'dense', source: 0, rows, ...clamps }
}

test.each([
  [-128, 0],
  [-128, 255],
  [127, 0],
  [127, 255],
])('behavior: all weights %i, all bytes %i', (weight, byte) => {
  for (const inputs of [1, 2, 7, 8, 9, 15, 16, 17, 4_099]) {
    const weights = new Int8Array(inputs).fill(weight)
    const bias = -weight * byte * inputs + 77
    const rows = Array.from({ length: 17 }, (_, output) => {
      return { bias: bias + 1_000 * output, multiplier: 2 ** 30, shift: -5, weights }
    })
    expectSame({ rows: 1, rowBytes: inputs }, [dense(rows)], new Uint8Array(inputs).fill(byte))
  }
})

test('behavior: any accumulator, multiplier and shift is requantised as the reference does', () => {
  const words = [0, 1, -1, 2 ** 30, 2 ** 30 + 128, -(2 ** 30) - 128, 2 ** 31 - 1, -(2 ** 31)]
  const word = fc.oneof(fc.constantFrom(...words), fc.integer())
  const row = fc.record({
    bias: word,
    multiplier: word,
    shift: fc.integer({ min: -128, max: 127 }),
    weights: fc.constantFrom(Int8Array.of(0), Int8Array.of(1), Int8Array.of(-128)),
  })
  const rows = fc.array(row, { minLength: 33, maxLength: 33 })
  fc.assert(
    fc.property(rows, fc.integer({ min: 0, max: 255 }), (rows, byte) => {
      expectSame({ rows: 1, rowBytes: 1 }, [dense(rows)], Uint8Array.of(byte))
    }),
    { numRuns: 10 * numRuns },
  )
})

test('behavior: dead channels, whose products take 61 bits, keep their constant', () => {
  const rows = [-23, -26, -29, -31].flatMap((shift) =>
    [2 ** 30 + 128, -(2 ** 30) - 128].map((bias) => {
      return { bias, multiplier: 2_147_483_000, shift, weights: new Int8Array(9) }
    }),
  )
  expectSame({ rows: 1, rowBytes: 9 }, [dense(rows)], new Uint8Array(9).fill(200))
})

function conv(seed: number, window: Partial<ConvLayer> & { width: number; channels: number }) {
  const random = createRandom(seed)
  const { kernelHeight = 3, kernelWidth = 3, groups = 1, channels } = window
  const inputs = (kernelHeight * kernelWidth * channels) / groups
  const layer: ConvLayer = {
    kind: 'conv',
    source: 0,
    groups,
    kernelHeight,
    kernelWidth,
    strideHeight: 1,
    strideWidth: 1,
    dilationHeight: 1,
    dilationWidth: 1,
    padTop: 1,
    padLeft: 1,
    inputZero: 131,
    ...clamps,
    height: 5,
    outputWidth: 5,
    rows: Array.from({ length: 2 * groups }, () => {
      const [bias, multiplier] = [
        random.integer(-9_000, 9_000),
        2 ** 30 + random.integer(0, 2 ** 29),
      ]
      return { bias, multiplier, shift: -9, weights: Int8Array.from(random.bytes(inputs)) }
    }),
    ...window,
  }
  return { layer, random }
}

test.each([
  ['strides that skip nearly all of the image', { strideHeight: 65_535, strideWidth: 9_999 }],
  ['padding far wider than the image', { padTop: 60_000, padLeft: 65_535, strideHeight: 20_000 }],
  ['dilations far wider than the image', { dilationHeight: 65_535, dilationWidth: 65_535 }],
  [
    'groups in such windows',
    { dilationWidth: 30_000, dilationHeight: 2, groups: 2, padLeft: 30_000 },
  ],
])('behavior: %s', (_, window) => {
  const { layer, random } = conv(1, { width: 6, channels: 4, ...window })
  const engine = createEngine(composeProgram({ input: { rows: 6, rowBytes: 24 }, layers: [layer] }))
  expect(engine.memoryBytes).toBeLessThan(50_000)
  expectSame({ rows: 6, rowBytes: 24 }, [layer], random.bytes(6 * 24))
})

test.each([16, 17, 24, 33])('behavior: depthwise convolution of %i channels', (channels) => {
  const rows = conv(2, { width: 6, channels, groups: channels }).layer.rows.slice(0, channels)
  const { layer, random } = conv(3, { width: 6, channels, groups: channels, rows })
  expectSame({ rows: 6, rowBytes: 6 * channels }, [layer], random.bytes(36 * channels))
})

test('behavior: rows of any number and length are hashed as the reference hashes them', () => {
  const table = Uint8Array.from({ length: 256 }, (_, byte) => byte ^ 0x5a)
  const length = fc.oneof(
    fc.integer({ min: 1, max: 700 }),
    fc.constantFrom(134, 135, 136, 271, 272),
  )
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 40 }), length, (seed, rows, rowBytes) => {
      const layers: Layer[] = [{ kind: 'lookup', source: 0, table }]
      const program = composeProgram({ input: { rows, rowBytes }, layers })
      const bytes = createRandom(seed).bytes(rows * rowBytes)
      expect(createEngine(program).commit(bytes)).toEqual(executeTrace(program, bytes))
    }),
    { numRuns },
  )
})
