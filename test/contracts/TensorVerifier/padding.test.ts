import { expect, test } from 'vitest'

import {
  claim,
  corrupt,
  deployVerifier,
  networkHelpers,
  padWith,
  publish,
  randomDense,
  randomOf,
  randomTable,
  randomTensor,
  storeCode,
  type World,
} from './fixtures.ts'
import { bytesOf, descriptorOf, type Program, run, weightBytes } from './program.ts'
import { proveElement } from './proofs.ts'
import { refuses } from './refusals.ts'

/** Every tensor that a neuron reads ends inside a word. */
function unalignedProgram(seed: number): Program {
  const random = randomOf(seed)
  return [
    { kind: 'input', source: 0, rows: 3, rowBytes: 17 },
    randomDense(random, 0, 51, 45),
    { kind: 'lookup', source: 1, rows: 1, rowBytes: 45, table: randomTable(random) },
    randomDense(random, 2, 45, 400),
    randomDense(random, 3, 400, 5),
  ]
}

const world = () => networkHelpers.loadFixture(deployVerifier)

/** Expects every element of the last two tensors to be consistent, and its neighbour values not to be. */
async function judge(here: World, program: Program, seed: number) {
  const { verifier, source } = here
  const version = await publish(here, program)
  const tensors = run(program, randomTensor(randomOf(seed), 3, 17))
  const { context } = await claim(here, version, tensors)
  for (const index of [1, 3, 4]) {
    const proof = proveElement(program, tensors, index, 0, 4)
    const call = verifier.write.prove([source.address, context, proof])
    const value = tensors[index]![0]![4]!
    await refuses(here, call, 'ElementConsistent', [index, 0, 4, value])
    const forged = corrupt(tensors, index, 0, 4)
    const lie = await claim(here, version, forged)
    const refutation = proveElement(program, forged, index, 0, 4)
    await verifier.write.prove([source.address, lie.context, refutation])
    expect(await source.read.isRefuted([lie.claimId])).toBe(true)
  }
}

test.each([0x80, 0x00, 0xff, 0x81])(
  'behavior: padding 0x%x adds nothing to a proof',
  async (padding) => {
    await judge(await world(), padWith(unalignedProgram(padding), padding), padding)
  },
)

test.each([0x80, 0x00, 0xff, 0x81])(
  'behavior: padding 0x%x adds nothing to a run',
  async (padding) => {
    const { verifier } = await world()
    const program = padWith(unalignedProgram(padding), padding)
    for (let seed = 0; seed < 2; seed++) {
      const tensors = run(program, randomTensor(randomOf(seed), 3, 17))
      const weights = await storeCode(weightBytes(program))
      const args = [program.map(descriptorOf), weights, bytesOf(tensors[0]!)] as const
      expect(await verifier.read.evaluate(args)).toBe(bytesOf(tensors.at(-1)!))
    }
  },
)
