import { buildElementProof, elementProofSize, execute, executeTrace } from '@assay/tensor'
import { corruptElement, createRandom } from '@assay/tensor/examples'
import { loadProgram, loadSamples } from '@assay/tensor/node'
import { bytesToHex } from 'viem'
import { expect, test } from 'vitest'

import { deployVerifier, networkHelpers } from '../contracts/TensorVerifier/fixtures.ts'
import { claimTrace, deployWeights, isRefuted, publishProgram } from './tensorWorld.ts'

const folder = 'models/digits'

async function deployDigits() {
  const world = await deployVerifier()
  const program = await loadProgram({ folder })
  const samples = await loadSamples({ file: `${folder}/samples.bin`, inputLength: 784 })
  const version = await publishProgram(world, program)
  return { ...world, program, samples, version, weights: await deployWeights(program) }
}

test('behavior: the demo model runs on chain as it does off chain', async () => {
  const { verifier, program, samples, weights } = await networkHelpers.loadFixture(deployDigits)
  expect(weights.length).toBe(1)
  const descriptors = program.descriptors.map((descriptor) => bytesToHex(descriptor))
  for (const { input } of samples.slice(0, 20)) {
    const output = await verifier.read.evaluate([descriptors, weights, bytesToHex(input)])
    expect(output).toBe(bytesToHex(execute(program, input).at(-1)!))
  }
})

test('behavior: one wrong neuron of the demo model is refuted within the stated calldata', async () => {
  const world = await networkHelpers.loadFixture(deployDigits)
  const { verifier, source, program, samples, version, publicClient } = world
  const honest = executeTrace(program, samples[0]!.input)
  const { trace, ...where } = corruptElement(createRandom(3), program, honest)
  const { context, claimId } = await claimTrace(world, version, trace)
  const proof = buildElementProof({ program, trace, ...where })
  const hash = await verifier.write.prove([source.address, context, proof])
  expect(await isRefuted(world, claimId)).toBe(true)

  const { input } = await publicClient.getTransaction({ hash })
  const around = 4 + 3 * 32 + 32 + (context.length - 2) / 2
  expect((input.length - 2) / 2).toBeLessThanOrEqual(around + elementProofSize(program).bytes)
})
