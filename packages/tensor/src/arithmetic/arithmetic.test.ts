import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'

import { channelMultiplier } from './channelMultiplier.ts'
import { RealMultiplierError } from './errors.ts'
import { fullyConnectedMultiplier } from './fullyConnectedMultiplier.ts'
import { multiplyByQuantizedMultiplier } from './multiplyByQuantizedMultiplier.ts'
import { quantizeMultiplier } from './quantizeMultiplier.ts'

const shared = process.env.ASSAY_SHARED ?? join(import.meta.dirname, '../../../../../shared')
const goldenFile = join(shared, 'data/golden/primitives.json')
const hasGolden = existsSync(goldenFile)
if (!hasGolden) console.warn(`SKIPPED: TFLite's golden vectors are not at ${goldenFile}`)

type Golden = {
  /** Accumulator, multiplier, shift, and the result with double and with single rounding. */
  multiplyByQuantizedMultiplier: [number, number, number, number, number][]
  /** Bits of a double, multiplier, shift. */
  quantizeMultiplier: [string, number, number][]
  /** Bits of three float32 (input, weight, output scale), multiplier, shift. */
  fullyConnectedMultiplier: [string, string, string, number, number][]
}

function readGolden(): Golden {
  return JSON.parse(readFileSync(goldenFile, 'utf8'))
}

function bits(hex: string) {
  const view = new DataView(Uint8Array.from(Buffer.from(hex, 'hex')).buffer)
  return hex.length === 16 ? view.getFloat64(0) : view.getFloat32(0)
}

/** The specification, word by word, in integers of any width. */
function requantiseExactly(acc: bigint, multiplier: bigint, shift: number) {
  const limited = Math.min(Math.max(shift, -31), 30)
  const x = limited > 0 ? BigInt.asIntN(32, acc << BigInt(limited)) : acc
  const p = x * multiplier
  const min = -(2n ** 31n)
  const saturates = x === min && multiplier === min
  const h = saturates ? 2n ** 31n - 1n : (p + (p >= 0n ? 2n ** 30n : 1n - 2n ** 30n)) / 2n ** 31n
  if (limited >= 0) return Number(h)

  const divisor = 2n ** BigInt(-limited)
  const magnitude = ((h < 0n ? -h : h) * 2n + divisor) / (divisor * 2n)
  return Number(h < 0n ? -magnitude : magnitude)
}

const edges = [-(2 ** 31), 1 - 2 ** 31, -(2 ** 30), -1, 0, 1, 2 ** 30, 2 ** 31 - 1]
const int32 = fc.oneof(
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  fc.constantFrom(...edges),
  fc.integer({ min: -4096, max: 4096 }),
)

test.skipIf(!hasGolden)('behavior: requantises as TFLite does', () => {
  const vectors = readGolden().multiplyByQuantizedMultiplier
  expect(vectors.length).toBe(4382)
  for (const [acc, multiplier, shift, double] of vectors) {
    const computed = multiplyByQuantizedMultiplier(acc, multiplier, shift)
    expect(computed, `${acc} · ${multiplier} · 2^${shift}`).toBe(double)
  }
})

test.skipIf(!hasGolden)('behavior: the vectors tell double from single rounding', () => {
  const vectors = readGolden().multiplyByQuantizedMultiplier
  const differing = vectors.filter(([, , , double, single]) => double !== single)
  expect(differing.length).toBeGreaterThan(0)
})

test.skipIf(!hasGolden)('behavior: splits doubles as TFLite does', () => {
  const vectors = readGolden().quantizeMultiplier
  expect(vectors.length).toBe(221)
  for (const [real, multiplier, shift] of vectors) {
    expect(quantizeMultiplier(bits(real)), real).toEqual({ multiplier, shift })
  }
})

test.skipIf(!hasGolden)('behavior: multiplies the scales of a dense operator in float32', () => {
  const vectors = readGolden().fullyConnectedMultiplier
  expect(vectors.length).toBe(300)
  let differing = 0
  for (const [input, weight, output, multiplier, shift] of vectors) {
    const scales = {
      inputScale: bits(input),
      weightScale: bits(weight),
      outputScale: bits(output),
    }
    expect(fullyConnectedMultiplier(scales)).toEqual({ multiplier, shift })
    if (channelMultiplier(scales).multiplier !== multiplier) differing += 1
  }
  expect(differing).toBeGreaterThan(0)
})

test('behavior: is the specification, for every accumulator, multiplier and shift', () => {
  fc.assert(
    fc.property(int32, int32, fc.integer({ min: -128, max: 127 }), (acc, multiplier, shift) => {
      const computed = multiplyByQuantizedMultiplier(acc, multiplier, shift)
      expect(computed).toBe(requantiseExactly(BigInt(acc), BigInt(multiplier), shift) + 0)
    }),
    { numRuns: 20_000 },
  )
})

test('behavior: rounds ties up when multiplying and away from zero when shifting', () => {
  expect(multiplyByQuantizedMultiplier(1, 2 ** 30, 0)).toBe(1)
  expect(multiplyByQuantizedMultiplier(-1, 2 ** 30, 0)).toBe(0)
  expect(multiplyByQuantizedMultiplier(6, 2 ** 30, -1)).toBe(2)
  expect(multiplyByQuantizedMultiplier(-6, 2 ** 30, -1)).toBe(-2)
})

test('behavior: saturates, wraps and limits the shift', () => {
  const min = -(2 ** 31)
  expect(multiplyByQuantizedMultiplier(min, min, 0)).toBe(2 ** 31 - 1)
  expect(multiplyByQuantizedMultiplier(3, 2 ** 30, 30)).toBe(-(2 ** 29))
  expect(multiplyByQuantizedMultiplier(3, 2 ** 30, 127)).toBe(-(2 ** 29))
  expect(multiplyByQuantizedMultiplier(min, 2 ** 31 - 1, -128)).toBe(-1)
})

test('behavior: a split factor multiplies by that factor', () => {
  const factor = fc.double({ min: 2 ** -12, max: 2 ** 4, noNaN: true })
  fc.assert(
    fc.property(factor, fc.integer({ min: -(2 ** 20), max: 2 ** 20 }), (real, acc) => {
      const { multiplier, shift } = quantizeMultiplier(real)
      const scaled = multiplyByQuantizedMultiplier(acc, multiplier, shift)
      // A left shift multiplies before rounding; without one the two roundings cost up to one unit.
      expect(Math.abs(scaled - acc * real)).toBeLessThanOrEqual(1.01)
    }),
  )
})

test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('error: a factor of %s', (real) => {
  expect(() => quantizeMultiplier(real)).toThrow(RealMultiplierError)
})
