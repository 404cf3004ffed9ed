import { getAddress, zeroHash } from 'viem'
import { expect, test } from 'vitest'

import { networkHelpers, viem } from '../fixtures.ts'
import { deployVersion } from './fixtures.ts'

test('behavior: warns of a version and takes nothing from it', async () => {
  const { registry, verifier, version, root, publisher } =
    await networkHelpers.loadFixture(deployVersion)

  await viem.assertions.emitWithArgs(
    registry.write.deprecate([version], { account: publisher }),
    registry,
    'VersionDeprecated',
    [version],
  )

  expect(await registry.read.isDeprecated([version])).toBe(true)
  expect(await registry.read.rootOf([version, verifier.address])).toBe(root)
})

test('error: twice', async () => {
  const { registry, version, publisher } = await networkHelpers.loadFixture(deployVersion)
  await registry.write.deprecate([version], { account: publisher })

  await viem.assertions.revertWithCustomErrorWithArgs(
    registry.write.deprecate([version], { account: publisher }),
    registry,
    'VersionAlreadyDeprecated',
    [version],
  )
})

test("error: somebody else's version, or none", async () => {
  const { registry, version, model, publisher, rival } =
    await networkHelpers.loadFixture(deployVersion)

  await viem.assertions.revertWithCustomErrorWithArgs(
    registry.write.deprecate([version], { account: rival }),
    registry,
    'NotPublisher',
    [model, getAddress(rival), getAddress(publisher)],
  )
  await viem.assertions.revertWithCustomErrorWithArgs(
    registry.write.deprecate([zeroHash], { account: publisher }),
    registry,
    'UnknownVersion',
    [zeroHash],
  )
})
