import { buildTree } from '@assay/protocol/tree'
import { decodeOperators, OperatorError, ProgramEmptyError } from '@assay/tensor'
import { createRandom, everyKind, type Random, randomProgram } from '@assay/tensor/examples'
import { BaseError, bytesToHex, ContractFunctionRevertedError, encodeAbiParameters } from 'viem'
import { expect, test } from 'vitest'

import { deployVerifier, networkHelpers, type World } from '../contracts/TensorVerifier/fixtures.ts'
import { fuzzRuns } from './tensorWorld.ts'

const runs = fuzzRuns(1_000)
const size = { operators: 4, rows: 2, bytes: 8 }

type Descriptors = readonly Uint8Array[]

function isAcceptedHere(descriptors: Descriptors) {
  try {
    decodeOperators(descriptors)
    return true
  } catch (error) {
    expect(error instanceof OperatorError || error instanceof ProgramEmptyError).toBe(true)
    return false
  }
}

/** Name of the error that Solidity refuses a program with; undefined if it accepts it. */
async function refusalThere({ verifier }: World, descriptors: Descriptors) {
  const { root } = buildTree('PRG1', descriptors)
  const list = descriptors.map((descriptor) => bytesToHex(descriptor))
  const data = encodeAbiParameters([{ type: 'bytes[]' }], [list])
  try {
    await verifier.read.validate([root, data])
    return undefined
  } catch (error) {
    expect.assert(error instanceof BaseError)
    const revert = error.walk((cause) => cause instanceof ContractFunctionRevertedError)
    expect.assert(revert instanceof ContractFunctionRevertedError)
    return revert.data?.errorName ?? 'unknown'
  }
}

/** Ways to bend a program, some of which leave it valid. */
const bends: ((random: Random, descriptors: Descriptors) => Descriptors)[] = [
  (_, descriptors) => descriptors,
  (random, descriptors) => bendOne(random, descriptors, (bytes) => flip(random, bytes, 11)),
  (random, descriptors) => bendOne(random, descriptors, (bytes) => flip(random, bytes, 18)),
  (random, descriptors) => bendOne(random, descriptors, (bytes) => flip(random, bytes, 50)),
  (random, descriptors) => bendOne(random, descriptors, (bytes) => flip(random, bytes, 300)),
  (random, descriptors) =>
    bendOne(random, descriptors, (bytes) => bytes.slice(0, random.integer(0, bytes.length - 1))),
  (_, descriptors) => descriptors.slice(0, -1),
  (_, descriptors) => descriptors.slice(1),
  (random, descriptors) => [...descriptors, random.pick(descriptors)],
]

function bendOne(
  random: Random,
  descriptors: Descriptors,
  bend: (bytes: Uint8Array) => Uint8Array,
) {
  const at = random.integer(0, descriptors.length - 1)
  return descriptors.map((bytes, i) => (i === at ? bend(bytes) : bytes))
}

/** Changes one of the first `within` bytes, mostly a little. */
function flip(random: Random, bytes: Uint8Array, within: number) {
  const at = random.integer(0, Math.min(within, bytes.length) - 1)
  const change = random.pick([1, 2, 3, random.integer(1, 255)])
  return bytes.with(at, bytes[at]! ^ change)
}

test(
  'behavior: Solidity and TypeScript accept the same programs',
  async () => {
    const world = await networkHelpers.loadFixture(deployVerifier)
    const random = createRandom(8)
    const reasons = new Map<string | undefined, number>()
    for (let run = 0; run < runs; run += 1) {
      const { descriptors } = randomProgram(random, random.pick([size, { ...everyKind, ...size }]))
      const bent = random.pick(bends)(random, descriptors)
      const refusal = await refusalThere(world, bent)
      reasons.set(refusal, (reasons.get(refusal) ?? 0) + 1)
      // Well-formed, but too dear to prove: the engine runs such a program, the registry refuses it.
      const isAccepted = refusal === undefined || refusal === 'Unprovable'
      expect(isAcceptedHere(bent), `${refusal}\n${bent.map((bytes) => bytesToHex(bytes))}`).toBe(
        isAccepted,
      )
    }
    expect(reasons.get(undefined)).toBeGreaterThan(50)
    expect([...reasons.keys()]).toEqual(
      expect.arrayContaining([
        'DescriptorMalformed',
        'OperatorMismatch',
        'ParameterOutOfRange',
        'ShapeIndivisible',
        'ShapeMismatch',
        'UnknownOperatorKind',
        'ProgramTooShort',
      ]),
    )
  },
  60_000 + runs * 100,
)
