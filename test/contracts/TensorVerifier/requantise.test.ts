import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { networkHelpers, viem } from '../fixtures.ts'
import { requantise } from './program.ts'

type Vector = [value: number, multiplier: number, shift: number, double: number, single: number]

const shared = process.env.ASSAY_SHARED ?? '../shared'
const golden = join(shared, 'data/golden/primitives.json')
const isMissing = !existsSync(golden)
if (isMissing) console.warn(`SKIPPED: the reference kernels' vectors are not at ${golden}`)

async function deployLibraries() {
  return { libraries: await viem.deployContract('TensorLibraries') }
}

test.skipIf(isMissing)('behavior: every vector of the reference kernels', async () => {
  const { libraries } = await networkHelpers.loadFixture(deployLibraries)
  const content = JSON.parse(readFileSync(golden, 'utf8'))
  const vectors: Vector[] = content.multiplyByQuantizedMultiplier
  expect(content.singleRounding).toBe(0)
  expect(vectors.length).toBe(4382)

  const batch = 500
  for (let start = 0; start < vectors.length; start += batch) {
    const part = vectors.slice(start, start + batch)
    const cases = part.map(([value, multiplier, shift]) => [value, multiplier, shift] as const)
    const results = await libraries.read.requantise([cases])
    const expected = part.map(([, , , double]) => double)
    expect(results.map(Number)).toEqual(expected)
    expect(cases.map((values) => requantise(...values))).toEqual(expected)
  }
  // The vectors tell double from single rounding, or they would prove nothing.
  expect(vectors.some(([, , , double, single]) => double !== single)).toBe(true)
})

test('behavior: total where the reference is undefined', async () => {
  const { libraries } = await networkHelpers.loadFixture(deployLibraries)
  const [min, max] = [-(2 ** 31), 2 ** 31 - 1]
  const cases: [number, number, number, number][] = [
    [min, min, 0, max],
    [min, min, -1, 2 ** 30],
    [min, max, 0, -max],
    [1, 2 ** 30, 127, 2 ** 29],
    [1, 2 ** 30, 30, 2 ** 29],
    [2, max, 30, -max],
    [4, max, 30, 0],
    [max, max, -128, 1],
    [min, max, -128, -1],
    [max, max, -31, 1],
    [max >> 1, max, -31, 0],
  ]
  const inputs = cases.map(([value, multiplier, shift]) => [value, multiplier, shift] as const)
  const results = await libraries.read.requantise([inputs])
  expect(inputs.map((values) => requantise(...values))).toEqual(results.map(Number))
  expect(results.map(Number)).toEqual(cases.map(([, , , result]) => result))
})
