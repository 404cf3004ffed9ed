import { encodeAbiParameters, getAddress, keccak256, parseAbiParameters } from 'viem'
import { expect, test } from 'vitest'

import { deployCore, networkHelpers, viem } from '../fixtures.ts'
import { salt } from './fixtures.ts'

test('behavior: the id binds chain, registry, publisher and salt', async () => {
  const { registry, publisher, publicClient } = await networkHelpers.loadFixture(deployCore)
  const id = keccak256(
    encodeAbiParameters(parseAbiParameters('uint256, address, address, bytes32'), [
      BigInt(await publicClient.getChainId()),
      registry.address,
      publisher,
      salt,
    ]),
  )

  await viem.assertions.emitWithArgs(
    registry.write.create([salt, 'MNIST'], { account: publisher }),
    registry,
    'ModelCreated',
    [id, getAddress(publisher), salt, 'MNIST'],
  )

  expect(await registry.read.modelId([publisher, salt])).toBe(id)
  expect(await registry.read.publisherOf([id])).toBe(getAddress(publisher))
})

test('attack 19: nobody squats the id of another publisher', async () => {
  const { registry, publisher, rival } = await networkHelpers.loadFixture(deployCore)
  await registry.write.create([salt, 'model'], { account: rival })

  await registry.write.create([salt, 'model'], { account: publisher })

  const id = await registry.read.modelId([publisher, salt])
  expect(await registry.read.publisherOf([id])).toBe(getAddress(publisher))
})

test('error: twice', async () => {
  const { registry, publisher } = await networkHelpers.loadFixture(deployCore)
  await registry.write.create([salt, 'model'], { account: publisher })

  const id = await registry.read.modelId([publisher, salt])
  await viem.assertions.revertWithCustomErrorWithArgs(
    registry.write.create([salt, 'another'], { account: publisher }),
    registry,
    'ModelExists',
    [id],
  )
})
