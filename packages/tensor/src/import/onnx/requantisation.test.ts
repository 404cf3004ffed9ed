import { expect, test } from 'vitest'

import { multiplyByQuantizedMultiplier } from '../../arithmetic/multiplyByQuantizedMultiplier.ts'
import { round } from '../rounding.ts'
import { type RequantisationParameters, requantisationOf } from './requantisation.ts'
import { numbers } from './testing/buildModel.ts'

/** Counts every accumulator for which a program's result is another than onnxruntime's. */
function count(parameters: RequantisationParameters, multiplier: number, shift: number) {
  const { scale, least, most, low, high } = parameters
  const clamp = (value: number) => Math.min(Math.max(value, low), high)
  let [differing, furthest] = [0, 0]
  for (let accumulator = least; accumulator <= most; accumulator += 1) {
    const own = clamp(multiplyByQuantizedMultiplier(accumulator, multiplier, shift))
    const theirs = clamp(round(Math.fround(Math.fround(accumulator) * scale), 'even'))
    if (own !== theirs) differing += 1
    furthest = Math.max(furthest, Math.abs(own - theirs))
  }
  return { differing, furthest }
}

/** Scales from 2^-14 to 4, with accumulators a little beyond what they clamp. */
const random: RequantisationParameters[] = Array.from({ length: 60 }, (_, i) => {
  const [a = 0, b = 0, c = 0] = numbers([3], 900 + i)
  const scale = Math.fround(2 ** (8 * a - 6))
  const reach = Math.min(Math.ceil(140 / scale), 300_000)
  const zero = Math.round(128 * (b + 1))
  return { scale, least: -reach - Math.round(9 * c), most: reach, low: -zero, high: 255 - zero }
})

test('behavior: differences are counted for every accumulator', () => {
  const counts = random.map((parameters) => {
    const { multiplier, shift, differing } = requantisationOf(parameters)
    const found = count(parameters, multiplier, shift)
    expect(found.differing, JSON.stringify(parameters)).toBe(differing)
    expect(found.furthest).toBeLessThanOrEqual(1)
    return differing
  })
  expect(counts.filter((differing) => differing === 0).length).toBeGreaterThan(20)
  expect(counts.some((differing) => differing > 0)).toBe(true)
})

test('behavior: factors of 24 bits from 2^-8 on are exact but for ties', () => {
  for (const numerator of [0x800001, 0xabcdef, 0xffffff]) {
    const scale = numerator / 2 ** 31
    const range = { least: -60_000, most: 60_000, low: -128, high: 127 }
    expect(requantisationOf({ scale, ...range }).differing).toBe(0)
  }
})

test('behavior: ties go to even in onnxruntime and upwards in programs', () => {
  const parameters = { scale: 0.5, least: -8, most: 8, low: -128, high: 127 }
  const { differing, multiplier, shift } = requantisationOf(parameters)
  expect(differing).toBe(count(parameters, multiplier, shift).differing)
  expect(differing).toBeGreaterThan(0)
})

test('behavior: a range that has one result alone', () => {
  const range = { least: 0, most: 0, low: -128, high: 127 }
  expect(requantisationOf({ scale: 0.1, ...range }).differing).toBe(0)
  const tiny = { scale: 2 ** -40, least: -1000, most: 1000, low: -128, high: 127 }
  expect(requantisationOf(tiny)).toMatchObject({ multiplier: 0, differing: 0 })
})
