import { getAddress } from 'viem'
import { expect, test } from 'vitest'

import { claim, corrupt, deployDemo, networkHelpers, viem } from './fixtures.ts'
import { proveElement } from './proofs.ts'

test('behavior: one wrong neuron refutes the claim', async () => {
  const world = await networkHelpers.loadFixture(deployDemo)
  const { verifier, source, program, version, tensors, refuter } = world
  const forged = corrupt(tensors, 1, 0, 17)
  const { context, claimId } = await claim(world, version, forged)
  const proof = proveElement(program, forged, 1, 0, 17)
  const [committed, computed] = [forged[1]![0]![17]!, tensors[1]![0]![17]!]

  await viem.assertions.emitWithArgs(
    verifier.write.prove([source.address, context, proof], { account: refuter }),
    verifier,
    'ElementRefuted',
    [claimId, getAddress(source.address), getAddress(refuter), 1, 0, 17, committed, computed],
  )
  expect((await source.read.recordOf([claimId]))[3]).toBe(true)
})
