import { computeTensor, execute, type Program } from '@assay/tensor'
import { createRandom, type Random, randomProgram } from '@assay/tensor/examples'
import { bytesToHex } from 'viem'
import { expect, test } from 'vitest'

import { deployVerifier, networkHelpers, viem } from '../contracts/TensorVerifier/fixtures.ts'
import { deployWeights, fuzzRuns } from './tensorWorld.ts'

const elements = fuzzRuns(12_000)
const programs = fuzzRuns(30)
const timeoutMs = 60_000 + programs * 1_000

async function deployHarness() {
  return { harness: await viem.deployContract('TensorHarness') }
}

type Harness = Awaited<ReturnType<typeof deployHarness>>['harness']

/** Runs each operator of a program on random tensors, in both languages, and returns how many bytes were compared. */
async function compare(harness: Harness, program: Program, random: Random) {
  let compared = 0
  const tensors = program.operators.map(({ rows, rowBytes }) => random.bytes(rows * rowBytes))
  for (const [tensor, operator] of program.operators.entries()) {
    if (operator.kind !== 'dense' && operator.kind !== 'lookup') continue
    const source = tensors[operator.source]!
    const descriptor = bytesToHex(program.descriptors[tensor]!)
    const rows = program.weights[tensor]?.rows.map((row) => bytesToHex(row)) ?? []
    const computed =
      operator.kind === 'dense'
        ? await harness.read.neurons([descriptor, rows, bytesToHex(source)])
        : await harness.read.lookups([descriptor, bytesToHex(source)])
    expect(computed, `operator ${tensor}`).toBe(bytesToHex(computeTensor(program, tensor, tensors)))
    compared += operator.rows * operator.rowBytes
  }
  return compared
}

test(
  'behavior: random elements are the same in Solidity and TypeScript',
  async () => {
    const { harness } = await networkHelpers.loadFixture(deployHarness)
    const random = createRandom(20_260_101)
    const size = { operators: 6, rows: 4, bytes: 80 }
    let compared = 0
    while (compared < elements) {
      compared += await compare(harness, randomProgram(random, size), random)
    }
    expect(compared).toBeGreaterThanOrEqual(elements)
  },
  timeoutMs,
)

test('behavior: dot products of every length up to four words agree', async () => {
  const { harness } = await networkHelpers.loadFixture(deployHarness)
  const random = createRandom(5)
  for (let rowBytes = 1; rowBytes <= 128; rowBytes += 3) {
    const size = { operators: 2, rows: 1, bytes: rowBytes }
    expect(await compare(harness, randomProgram(random, size), random)).toBeGreaterThan(0)
  }
})

test(
  'behavior: whole random programs give the same output',
  async () => {
    const { verifier } = await networkHelpers.loadFixture(deployVerifier)
    const random = createRandom(6)
    for (let run = 0; run < programs; run += 1) {
      const program = randomProgram(random)
      const { rows, rowBytes } = program.operators[0]!
      const input = random.bytes(rows * rowBytes)
      const descriptors = program.descriptors.map((descriptor) => bytesToHex(descriptor))
      const weights = await deployWeights(program)
      const output = await verifier.read.evaluate([descriptors, weights, bytesToHex(input)])
      expect(output).toBe(bytesToHex(execute(program, input).at(-1)!))
    }
  },
  timeoutMs,
)
