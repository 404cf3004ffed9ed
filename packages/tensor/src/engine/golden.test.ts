import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

import { expOnNegativeValues } from '../arithmetic/expOnNegativeValues.ts'
import { reciprocal } from '../arithmetic/reciprocal.ts'
import { composeProgram } from '../program/composeProgram.ts'
import type { Layer } from '../program/Layer.ts'
import { execute } from './execute.ts'

const shared = process.env.ASSAY_SHARED ?? join(import.meta.dirname, '../../../../../shared')
const goldenFile = join(shared, 'data/golden/primitives.json')
const hasGolden = existsSync(goldenFile)
if (!hasGolden) console.warn(`SKIPPED: TFLite's golden vectors are not at ${goldenFile}`)

type Pair = [number, number]
/** Height and width are at 1 and 2, channels at 3. */
type Shape = [number, number, number, number]

/** Bytes are int8 in base64. */
type Golden = {
  softmax: {
    inputMultiplier: number
    inputLeftShift: number
    diffMin: number
    n: number
    input: string
    output: string
  }[]
  averagePool: {
    inShape: Shape
    outShape: Shape
    filter: Pair
    stride: Pair
    padTopLeft: Pair
    input: string
    output: string
  }[]
  add: {
    zeroPoints: [number, number, number]
    /** Multiplier and shift. */
    in1: Pair
    in2: Pair
    out: Pair
    actMin: number
    actMax: number
    a: string
    b: string
    output: string
  }[]
  expOnNegativeValuesQ5_26: Pair[]
  getReciprocalQ12: [number, number, number][]
}

function readGolden(): Golden {
  return JSON.parse(readFileSync(goldenFile, 'utf8'))
}

/** Bytes of this format: int8 values plus 128. */
function bytesOf(base64: string) {
  return new Uint8Array(Buffer.from(base64, 'base64')).map((byte) => byte ^ 0x80)
}

/** Runs layers on an input of a shape and returns the last tensor. */
function run(input: { rows: number; rowBytes: number }, layers: Layer[], bytes: Uint8Array) {
  return execute(composeProgram({ input, layers }), bytes).at(-1)
}

test.skipIf(!hasGolden)('behavior: softmax as TFLite has it', () => {
  const vectors = readGolden().softmax
  expect(vectors.length).toBe(165)
  for (const { inputMultiplier, inputLeftShift, diffMin, n, input, output } of vectors) {
    const scale = { multiplier: inputMultiplier, leftShift: inputLeftShift, diffMin }
    const layer: Layer = { kind: 'softmax', source: 0, depth: n, ...scale }
    const computed = run({ rows: 1, rowBytes: n }, [layer], bytesOf(input))
    expect(computed).toEqual(bytesOf(output))
  }
})

test.skipIf(!hasGolden)('behavior: the exponential and the reciprocal at full width', () => {
  const { expOnNegativeValuesQ5_26, getReciprocalQ12 } = readGolden()
  expect([expOnNegativeValuesQ5_26.length, getReciprocalQ12.length]).toEqual([314, 311])
  for (const [a, result] of expOnNegativeValuesQ5_26) {
    expect(expOnNegativeValues(a), `exp(${a})`).toBe(result)
  }
  for (const [x, scale, bitsOverUnit] of getReciprocalQ12) {
    expect(reciprocal(x), `1/${x}`).toEqual({ scale, bitsOverUnit })
  }
})

test.skipIf(!hasGolden)('behavior: average pools as TFLite has them', () => {
  const vectors = readGolden().averagePool
  expect(vectors.length).toBe(40)
  for (const { inShape, outShape, filter, stride, padTopLeft, input, output } of vectors) {
    const [, height, width, channels] = inShape
    const layer: Layer = {
      kind: 'pool',
      source: 0,
      mode: 'average',
      width,
      channels,
      kernelHeight: filter[0],
      kernelWidth: filter[1],
      strideHeight: stride[0],
      strideWidth: stride[1],
      padTop: padTopLeft[0],
      padLeft: padTopLeft[1],
      clampMin: 0,
      clampMax: 255,
      height: outShape[1],
      outputWidth: outShape[2],
    }
    const shape = { rows: height, rowBytes: width * channels }
    expect(run(shape, [layer], bytesOf(input))).toEqual(bytesOf(output))
  }
})

test.skipIf(!hasGolden)('behavior: additions as TFLite has them', () => {
  const vectors = readGolden().add
  expect(vectors.length).toBe(30)
  for (const { zeroPoints, in1, in2, out, actMin, actMax, a, b, output } of vectors) {
    const [first, second] = [bytesOf(a), bytesOf(b)]
    const [zero1, zero2, outputZero] = zeroPoints.map((zero) => zero + 128) as [
      number,
      number,
      number,
    ]
    const layers: Layer[] = [
      { kind: 'constant', rows: [second] },
      {
        kind: 'add',
        source: 0,
        other: 1,
        leftShift: 20,
        zero1,
        multiplier1: in1[0],
        shift1: in1[1],
        zero2,
        multiplier2: in2[0],
        shift2: in2[1],
        multiplier: out[0],
        shift: out[1],
        outputZero,
        clampMin: actMin + 128,
        clampMax: actMax + 128,
      },
    ]
    const computed = run({ rows: 1, rowBytes: first.length }, layers, first)
    expect(computed).toEqual(bytesOf(output))
  }
})
