import { zeroAddress } from 'viem'
import { expect, test } from 'vitest'

import { deployCore, networkHelpers, viem } from '../fixtures.ts'

test('behavior: holds one token', async () => {
  const { escrow, token } = await networkHelpers.loadFixture(deployCore)

  expect((await escrow.read.TOKEN()).toLowerCase()).toBe(token.address)
})

test('error: no token', async () => {
  const { escrow } = await networkHelpers.loadFixture(deployCore)

  await viem.assertions.revertWithCustomError(
    viem.deployContract('Escrow', [zeroAddress]).then(({ address }) => address),
    escrow,
    'ZeroAddress',
  )
})
