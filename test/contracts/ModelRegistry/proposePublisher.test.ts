import { getAddress, zeroAddress } from 'viem'
import { expect, test } from 'vitest'

import { networkHelpers, viem } from '../fixtures.ts'
import { deployVersion, manifestHash, manifestUri } from './fixtures.ts'

test('behavior: a hand-over takes both sides', async () => {
  const { registry, model, publisher, rival } = await networkHelpers.loadFixture(deployVersion)

  await viem.assertions.emitWithArgs(
    registry.write.proposePublisher([model, rival], { account: publisher }),
    registry,
    'PublisherProposed',
    [model, getAddress(publisher), getAddress(rival)],
  )
  expect(await registry.read.publisherOf([model])).toBe(getAddress(publisher))

  await viem.assertions.emitWithArgs(
    registry.write.acceptPublisher([model], { account: rival }),
    registry,
    'PublisherChanged',
    [model, getAddress(publisher), getAddress(rival)],
  )
  expect(await registry.read.publisherOf([model])).toBe(getAddress(rival))
})

test('behavior: after it the new publisher rules, versions stay, and the old one is out', async () => {
  const { registry, verifier, model, version, root, publisher, rival } =
    await networkHelpers.loadFixture(deployVersion)
  await registry.write.proposePublisher([model, rival], { account: publisher })
  await registry.write.acceptPublisher([model], { account: rival })

  await viem.assertions.revertWithCustomErrorWithArgs(
    registry.write.publish([model, manifestHash, manifestUri, []], { account: publisher }),
    registry,
    'NotPublisher',
    [model, getAddress(publisher), getAddress(rival)],
  )
  await registry.write.publish([model, manifestHash, manifestUri, []], { account: rival })
  await registry.write.deprecate([version], { account: rival })

  expect(await registry.read.rootOf([version, verifier.address])).toBe(root)
})

test('behavior: a proposal can be taken back, and is good for one acceptance', async () => {
  const { registry, model, publisher, rival } = await networkHelpers.loadFixture(deployVersion)
  await registry.write.proposePublisher([model, rival], { account: publisher })
  await registry.write.proposePublisher([model, zeroAddress], { account: publisher })

  await viem.assertions.revertWithCustomErrorWithArgs(
    registry.write.acceptPublisher([model], { account: rival }),
    registry,
    'NotProposed',
    [model, getAddress(rival), zeroAddress],
  )
  await registry.write.proposePublisher([model, rival], { account: publisher })
  await registry.write.acceptPublisher([model], { account: rival })
  await viem.assertions.revertWithCustomErrorWithArgs(
    registry.write.acceptPublisher([model], { account: rival }),
    registry,
    'NotProposed',
    [model, getAddress(rival), zeroAddress],
  )
})

test('error: somebody else proposes or accepts', async () => {
  const { registry, model, publisher, rival, outsider } =
    await networkHelpers.loadFixture(deployVersion)

  await viem.assertions.revertWithCustomErrorWithArgs(
    registry.write.proposePublisher([model, rival], { account: rival }),
    registry,
    'NotPublisher',
    [model, getAddress(rival), getAddress(publisher)],
  )
  await registry.write.proposePublisher([model, rival], { account: publisher })
  await viem.assertions.revertWithCustomErrorWithArgs(
    registry.write.acceptPublisher([model], { account: outsider }),
    registry,
    'NotProposed',
    [model, getAddress(outsider), getAddress(rival)],
  )
})
