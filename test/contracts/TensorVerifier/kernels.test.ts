import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { encodePacked, type Hex, toHex } from 'viem'
import { expect, test } from 'vitest'

import { networkHelpers, viem } from '../fixtures.ts'

type SoftmaxVector = {
  inputMultiplier: number
  inputLeftShift: number
  diffMin: number
  n: number
  input: string
  output: string
}
type PoolVector = {
  inShape: [number, number, number, number]
  outShape: [number, number, number, number]
  filter: [number, number]
  stride: [number, number]
  padTopLeft: [number, number]
  input: string
  output: string
}
type AddVector = {
  zeroPoints: [number, number, number]
  in1: [number, number]
  in2: [number, number]
  out: [number, number]
  actMin: number
  actMax: number
  a: string
  b: string
  output: string
}

const shared = process.env.ASSAY_SHARED ?? '../shared'
const golden = join(shared, 'data/golden/primitives.json')
const isMissing = !existsSync(golden)
if (isMissing) console.warn(`SKIPPED: the reference kernels' vectors are not at ${golden}`)

function vectors() {
  return JSON.parse(readFileSync(golden, 'utf8'))
}

async function deployHarness() {
  return { harness: await viem.deployContract('KernelHarness') }
}

const deployed = () => networkHelpers.loadFixture(deployHarness)

/** The bytes that stand for base64 int8 values. */
function bytesOf(base64: string): Hex {
  return toHex(Uint8Array.from(Buffer.from(base64, 'base64'), (byte) => byte ^ 0x80))
}

/** The part of a descriptor that the kernels do not read. */
const header = `0x${'00'.repeat(11)}` as const

test.skipIf(isMissing)('behavior: every softmax vector of the reference kernels', async () => {
  const { harness } = await deployed()
  const { softmax }: { softmax: SoftmaxVector[] } = vectors()
  expect(softmax.length).toBe(165)
  for (const { inputMultiplier, inputLeftShift, diffMin, n, input, output } of softmax) {
    const descriptor = encodePacked(
      ['bytes', 'uint32', 'int32', 'uint8', 'int32'],
      [header, n, inputMultiplier, inputLeftShift, diffMin],
    )
    expect(await harness.read.softmax([descriptor, bytesOf(input)])).toBe(bytesOf(output))
  }
})

test.skipIf(isMissing)('behavior: every exponential and reciprocal, at full width', async () => {
  const { harness } = await deployed()
  const content = vectors()
  const exponentials: [number, number][] = content.expOnNegativeValuesQ5_26
  const results = await harness.read.exponentials([exponentials.map(([a]) => BigInt(a))])
  expect(results.map(Number)).toEqual(exponentials.map(([, result]) => result))

  // The greatest byte of a run adds 1 to its sum, so no sum is smaller.
  const all: [number, number, number][] = content.getReciprocalQ12
  const reciprocals = all.filter(([x]) => x >= 2 ** 19)
  expect(reciprocals.length).toBeGreaterThan(100)
  const [scales, bits] = await harness.read.reciprocals([reciprocals.map(([x]) => BigInt(x))])
  expect(scales.map(Number)).toEqual(reciprocals.map(([, scale]) => scale))
  expect(bits.map(Number)).toEqual(reciprocals.map(([, , over]) => over))
})

test.skipIf(isMissing)('behavior: every addition of the reference kernels', async () => {
  const { harness } = await deployed()
  const { add }: { add: AddVector[] } = vectors()
  expect(add.length).toBe(30)
  for (const { zeroPoints, in1, in2, out, actMin, actMax, a, b, output } of add) {
    const [zero1, zero2, outputZero] = zeroPoints.map((zero) => zero + 128) as [
      number,
      number,
      number,
    ]
    const operand = ['uint8', 'int32', 'int8'] as const
    const descriptor = encodePacked(
      ['bytes', 'uint16', 'uint8', ...operand, ...operand, 'int32', 'int8', 'uint8', 'uint16'],
      [
        header,
        0,
        20,
        zero1,
        ...in1,
        zero2,
        ...in2,
        ...out,
        outputZero,
        256 * (actMin + 128) + actMax + 128,
      ],
    )
    expect(await harness.read.add([descriptor, bytesOf(a), bytesOf(b)])).toBe(bytesOf(output))
  }
})

test.skipIf(isMissing)('behavior: every average pool of the reference kernels', async () => {
  const { harness } = await deployed()
  const { averagePool }: { averagePool: PoolVector[] } = vectors()
  expect(averagePool.length).toBe(40)
  for (const { inShape, outShape, filter, stride, padTopLeft, input, output } of averagePool) {
    const descriptor = encodePacked(
      ['bytes', 'uint8', 'uint32', 'uint32', ...Array(6).fill('uint16'), 'uint16'],
      [header, 0, inShape[2], inShape[3], ...filter, ...stride, ...padTopLeft, 0x00ff],
    )
    const shape = [BigInt(outShape[1]), BigInt(outShape[2] * outShape[3])] as const
    expect(await harness.read.pool([descriptor, bytesOf(input), ...shape])).toBe(bytesOf(output))
  }
})

test('behavior: nothing counts where even the greatest is below the threshold', async () => {
  const { harness } = await deployed()
  const parameters = [header, 3, 2 ** 30, 20, 1] as const
  const types = ['bytes', 'uint32', 'int32', 'uint8', 'int32'] as const
  expect(await harness.read.softmax([encodePacked(types, parameters), '0x00ff80'])).toBe('0x000000')
})

test('behavior: an addition wraps modulo 2^32', async () => {
  const { harness } = await deployed()
  const operand = ['uint8', 'int32', 'int8'] as const
  const largest = [0, 2 ** 31 - 1, 1] as const
  const descriptor = encodePacked(
    ['bytes', 'uint16', 'uint8', ...operand, ...operand, 'int32', 'int8', 'uint8', 'uint16'],
    [header, 0, 22, ...largest, ...largest, 2 ** 30, -16, 200, 0x00ff],
  )
  // Both operands become 255 · 2^23 − 1; their sum wraps to −2^24 − 2, of which a 2^17th is −128.
  expect(await harness.read.add([descriptor, '0xff', '0xff'])).toBe('0x48')
})
