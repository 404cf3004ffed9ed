import type { QuantizedMultiplier } from '../../arithmetic/quantizeMultiplier.ts'
import { quantizeMultiplier } from '../../arithmetic/quantizeMultiplier.ts'
import { round } from '../rounding.ts'

export type RequantisationParameters = {
  /** Float32 by which accumulators are multiplied. */
  scale: number
  /** Least and greatest accumulator that can occur. */
  least: number
  most: number
  /** Least and greatest result, less the zero point of the output. */
  low: number
  high: number
}

export type Requantisation = QuantizedMultiplier & {
  /** Accumulators for which the result is another than ONNX's, by one. */
  differing: number
}

/** A place where ONNX's result grows to `result`: the first accumulator that has it. */
type Step = { result: number; first: number }

/**
 * Finds the multiplier and shift with which a program's requantisation gives what onnxruntime's does: the accumulator as a
 * float32, multiplied in float32, rounded to nearest with ties to even. Both grow with the accumulator, so they agree
 * everywhere if each result begins at the same accumulator; that bounds the multiplier from both sides. Where no multiplier
 * lies between the bounds, the one with the fewest differences is returned, and their number.
 */
export function requantisationOf(parameters: RequantisationParameters): Requantisation {
  const steps = stepsOf(parameters)
  const normal = quantizeMultiplier(parameters.scale)
  if (normal.multiplier === 0) return { ...normal, differing: differencesOf(steps, normal) }
  // Without a right shift a program rounds once; every bit of it makes the multiplier finer, but rounds a second time.
  // Great sums tell the closest bounds, which come first.
  const closest = steps.toSorted((a, b) => Math.abs(b.first) - Math.abs(a.first))
  const shifts = normal.shift > 0 ? [normal.shift] : countDown(normal.shift)
  let best: Requantisation | undefined
  for (const shift of shifts) {
    const exact = exactMultiplier(closest, shift)
    if (exact !== undefined) return { multiplier: exact, shift, differing: 0 }
    const multiplier = Math.min(Math.round(parameters.scale * 2 ** (31 - shift)), 2 ** 31 - 1)
    const differing = differencesOf(steps, { multiplier, shift })
    if (best === undefined || differing < best.differing) best = { multiplier, shift, differing }
  }
  return best!
}

function countDown(last: number) {
  return Array.from({ length: 1 - last }, (_, i) => -i)
}

/** What onnxruntime makes of an accumulator. */
function resultOf({ scale, low, high }: RequantisationParameters, accumulator: number): number {
  const scaled = Math.fround(Math.fround(accumulator) * scale)
  return Math.min(Math.max(round(scaled, 'even'), low), high)
}

function stepsOf(parameters: RequantisationParameters): Step[] {
  const { scale, least, most } = parameters
  const [from, to] = [resultOf(parameters, least), resultOf(parameters, most)]
  return Array.from({ length: to - from }, (_, i) => {
    const result = from + 1 + i
    const reaches = (accumulator: number) => resultOf(parameters, accumulator) >= result
    // Near where it would be without rounding; float32 is off by less than a part in 2^22.
    const near = (result - 0.5) / scale
    const radius = 2 + Math.ceil(Math.abs(near) / 2 ** 22)
    let [below, first] = [Math.floor(near) - radius, Math.ceil(near) + radius]
    below = Math.max(below, least)
    first = Math.min(first, most)
    while (first - below > 1) {
      const middle = Math.floor((below + first) / 2)
      if (reaches(middle)) first = middle
      else below = middle
    }
    return { result, first }
  })
}

/** The least product of accumulator and multiplier that a program rounds to at least `result`. */
function boundOf(result: number, shift: number): bigint {
  if (shift >= 0) return BigInt(result) * 2n ** 31n - 2n ** 30n
  const unit = 2n ** BigInt(-shift)
  // Ties go away from zero when the right shift rounds.
  const high = BigInt(result) * unit - unit / 2n + (result > 0 ? 0n : 1n)
  return high * 2n ** 31n - 2n ** 30n
}

function exactMultiplier(steps: readonly Step[], shift: number): number | undefined {
  let [least, most] = [1n, 2n ** 31n - 1n]
  const factor = 2n ** BigInt(Math.max(shift, 0))
  for (const { result, first } of steps) {
    const bound = boundOf(result, shift)
    const [at, before] = [BigInt(first) * factor, BigInt(first - 1) * factor]
    // at · multiplier ≥ bound > before · multiplier
    if (at > 0n) least = greater(least, divideUp(bound, at))
    else if (at < 0n) most = lesser(most, divideDown(bound, at))
    else if (bound > 0n) return undefined
    if (before > 0n) most = lesser(most, divideDown(bound - 1n, before))
    else if (before < 0n) least = greater(least, divideUp(bound - 1n, before))
    else if (bound <= 0n) return undefined
    if (least > most) return undefined
  }
  return Number((least + most) / 2n)
}

function differencesOf(steps: readonly Step[], { multiplier, shift }: QuantizedMultiplier): number {
  if (multiplier === 0) return steps.length
  const factor = BigInt(multiplier) * 2n ** BigInt(Math.max(shift, 0))
  return steps.reduce((sum, { result, first }) => {
    const own = Number(divideUp(boundOf(result, shift), factor))
    return sum + Math.abs(own - first)
  }, 0)
}

function divideDown(a: bigint, b: bigint): bigint {
  const quotient = a / b
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient
}

function divideUp(a: bigint, b: bigint): bigint {
  return -divideDown(-a, b)
}

function greater(a: bigint, b: bigint) {
  return a > b ? a : b
}

function lesser(a: bigint, b: bigint) {
  return a < b ? a : b
}
