import { readFileSync } from 'node:fs'
import { tensorVerifierAbi } from '@assay/protocol'
import {
  decodeTrace,
  executeTrace,
  multiplyByQuantizedMultiplier,
  outputOf,
  parseProgram,
} from '@assay/tensor'
import { createRandom } from '@assay/tensor/examples'
import {
  bytesToHex,
  decodeAbiParameters,
  encodeAbiParameters,
  getAbiItem,
  hexToBytes,
  toHex,
} from 'viem'
import { expect, test } from 'vitest'

import type { ProgramVector } from '../../scripts/vectors/tensor/programVectors.ts'
import type { RequantiseVector } from '../../scripts/vectors/tensor/requantiseVectors.ts'
import type { TreeVector } from '../../scripts/vectors/tensor/treeVectors.ts'
import { deployVerifier, networkHelpers, viem } from '../contracts/TensorVerifier/fixtures.ts'
import { claimTrace, deployWeights, fuzzRuns, publishProgram } from './tensorWorld.ts'

const values = fuzzRuns(10_000)
const requantise: RequantiseVector[] = readVectors('requantise')
const trees: TreeVector[] = readVectors('trees')
const programs: ProgramVector[] = [...readVectors('program'), ...readVectors('operators')]

const [, , elementProof] = getAbiItem({ abi: tensorVerifierAbi, name: 'prove' }).inputs

function readVectors(name: string) {
  return JSON.parse(readFileSync(`test/vectors/${name}.json`, 'utf8'))
}

function programOf(vector: ProgramVector) {
  return parseProgram({
    descriptors: vector.descriptors.map((descriptor) => hexToBytes(descriptor)),
    weights: hexToBytes(vector.weights),
    root: vector.programRoot,
  })
}

async function deployLibraries() {
  return { libraries: await viem.deployContract('TensorLibraries') }
}

test('behavior: Solidity requantises as the vectors say', async () => {
  const { libraries } = await networkHelpers.loadFixture(deployLibraries)
  const cases = requantise.map(([acc, multiplier, shift]) => [acc, multiplier, shift] as const)
  const results = await libraries.read.requantise([cases])
  expect(results.map(Number)).toEqual(requantise.map(([, , , result]) => result))
})

test(
  'behavior: Solidity requantises random values as TypeScript does',
  async () => {
    const { libraries } = await networkHelpers.loadFixture(deployLibraries)
    const random = createRandom(4)
    const batches = Math.ceil(values / 2_000)
    for (let batch = 0; batch < batches; batch += 1) {
      const cases = Array.from(
        { length: 2_000 },
        () => [random.uint32() | 0, random.uint32() | 0, random.integer(-128, 127)] as const,
      )
      const results = await libraries.read.requantise([cases])
      expect(results.map(Number)).toEqual(
        cases.map((factors) => multiplyByQuantizedMultiplier(...factors)),
      )
    }
  },
  60_000 + values * 10,
)

test('behavior: Solidity builds and climbs trees as the vectors say', async () => {
  const { libraries } = await networkHelpers.loadFixture(deployLibraries)
  for (const { tag, leafHashes, root, index, path } of trees) {
    const leaf = leafHashes[index]!
    const count = BigInt(leafHashes.length)
    const position = [toHex(tag), count, leaf, BigInt(index), path] as const
    expect(await libraries.read.rootOf([toHex(tag), leafHashes])).toBe(root)
    expect(await libraries.read.rootOfPath(position)).toBe(root)
  }
})

test('behavior: Solidity runs the programs of the vectors', async () => {
  const { verifier } = await networkHelpers.loadFixture(deployVerifier)
  for (const vector of programs) {
    const program = programOf(vector)
    const weights = await deployWeights(program)
    const output = await verifier.read.evaluate([vector.descriptors, weights, vector.input])
    expect(output).toBe(bytesToHex(outputOf(executeTrace(program, hexToBytes(vector.input)))))
  }
})

test('behavior: Solidity computes the elements that the vectors prove', async () => {
  const world = await networkHelpers.loadFixture(deployVerifier)
  const { verifier, source } = world
  for (const vector of programs) {
    const program = programOf(vector)
    const [proof] = decodeAbiParameters([elementProof], vector.element.proof)
    expect(encodeAbiParameters([elementProof], [proof])).toBe(vector.element.proof)
    const trace = decodeTrace({
      program,
      input: hexToBytes(vector.input),
      bytes: hexToBytes(vector.trace),
    })
    const version = await publishProgram(world, program)
    const { context } = await claimTrace(world, version, trace)
    const { tensor, row, column, value } = vector.element
    await viem.assertions.revertWithCustomErrorWithArgs(
      verifier.write.prove([source.address, context, proof]),
      verifier,
      'ElementConsistent',
      [tensor, row, column, value],
    )
  }
})
