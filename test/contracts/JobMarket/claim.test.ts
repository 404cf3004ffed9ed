import { expect, test } from 'vitest'

import { dollars, networkHelpers, viem } from '../fixtures.ts'
import { deployAnswered, deployMarket, reachFinality } from './fixtures.ts'

test('default', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, escrow, payer, operator, model } = fixture
  const { id, settlement } = await deployAnswered(fixture)
  const { fee, protocolFee } = settlement
  await reachFinality(fixture, { id })

  await viem.assertions.emitWithArgs(market.write.claim([id, settlement]), market, 'JobSettled', [
    id,
    operator,
    fee,
    dollars(4) - fee - protocolFee,
  ])

  expect(await market.read.isSettled([id])).toBe(true)
  expect(await market.read.exposureOf([model, operator])).toEqual({
    reserved: 0n,
    earned: fee,
    protocolFee,
  })
  expect(await escrow.read.balanceOf([payer, market.address])).toBe(
    dollars(5000) - fee - protocolFee,
  )
})
