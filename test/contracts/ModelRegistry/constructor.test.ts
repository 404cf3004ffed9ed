import { getAddress, zeroAddress } from 'viem'
import { expect, test } from 'vitest'

import { deployCore, networkHelpers, viem } from '../fixtures.ts'

test('behavior: is governed by the access manager', async () => {
  const { registry, manager } = await networkHelpers.loadFixture(deployCore)

  expect(await registry.read.authority()).toBe(getAddress(manager.address))
})

test('error: no authority', async () => {
  const { registry } = await networkHelpers.loadFixture(deployCore)

  await viem.assertions.revertWithCustomError(
    viem.deployContract('ModelRegistry', [zeroAddress]).then(({ address }) => address),
    registry,
    'ZeroAddress',
  )
})
