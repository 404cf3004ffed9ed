import { expect, test } from 'vitest'

import { networkHelpers } from '../fixtures.ts'
import {
  deployAnswered,
  deployMarket,
  type MarketFixture,
  parameters,
  reachFinality,
} from './fixtures.ts'

/** Protocol fees that an operator's account can hold until it collects. */
const maxHeld = 2n ** 64n - 1n
const million = 1_000_000n

/** A market whose payer and operator have enough for fees beyond what an account holds of the protocol's. */
async function deployRich() {
  const fixture = await deployMarket()
  const { market, token, escrow, staking, payer, operator, model } = fixture
  const wealth = 2n ** 90n
  for (const holder of [payer, operator]) await token.write.mint([holder, wealth])
  await escrow.write.deposit([payer, market.address, wealth], { account: payer })
  await staking.write.deposit([operator, wealth], { account: operator })
  await staking.write.allocate([market.address, model, wealth], { account: operator })
  await networkHelpers.time.increase(await staking.read.ACTIVATION_DELAY())
  await staking.write.activate([market.address, model, operator])
  return fixture
}

/** The least fee of which the protocol's part is `part`. */
function feeFor(part: bigint) {
  const ppm = BigInt(parameters.protocolFeePpm)
  return (part * million + ppm - 1n) / ppm
}

/** Answers and settles a job of which the protocol's part is `part`. */
async function settle(fixture: MarketFixture, part: bigint) {
  const fee = feeFor(part)
  const answered = await deployAnswered(fixture, { feeMin: fee, feeMax: fee })
  const { id, settlement } = answered
  expect(settlement.protocolFee).toBe(part)
  await reachFinality(fixture, answered)
  await fixture.market.write.claim([id, settlement])
  return settlement
}

test('behavior: an account holds them to the last unit that fits', async () => {
  const fixture = await networkHelpers.loadFixture(deployRich)
  const { market, operator, model } = fixture

  const { fee } = await settle(fixture, maxHeld)

  expect(await market.read.exposureOf([model, operator])).toEqual({
    reserved: 0n,
    earned: fee,
    protocolFee: maxHeld,
  })
  expect(await market.read.protocolFees()).toBe(0n)
})

test('behavior: what does not fit goes to the market, all of it', async () => {
  const fixture = await networkHelpers.loadFixture(deployRich)
  const { market, operator, model } = fixture

  const first = await settle(fixture, maxHeld)
  const second = await settle(fixture, 1n)

  const fees = first.fee + second.fee
  expect(await market.read.exposureOf([model, operator])).toEqual({
    reserved: 0n,
    earned: fees,
    protocolFee: 0n,
  })
  expect(await market.read.protocolFees()).toBe(maxHeld + 1n)
})

test('behavior: nothing of them is lost or paid twice, however they were held', async () => {
  const fixture = await networkHelpers.loadFixture(deployRich)
  const { market, escrow, token, payer, operator, outsider, model, admin } = fixture
  const total = await escrow.read.poolOf([market.address])
  const earlier = await token.read.balanceOf([operator])
  const payable = await escrow.read.balanceOf([payer, market.address])

  const settled = []
  for (const part of [5n, maxHeld + 1n, 7n]) settled.push(await settle(fixture, part))
  await market.write.collect([operator, [model]])
  await market.write.collect([operator, [model]])
  await market.write.collectProtocolFees([outsider], { account: admin })

  const fees = settled.reduce((sum, { fee }) => sum + fee, 0n)
  const protocolFees = maxHeld + 13n
  expect(await token.read.balanceOf([outsider])).toBe(protocolFees)
  expect(await token.read.balanceOf([operator])).toBe(earlier + fees)
  const left = payable - fees - protocolFees
  expect(await escrow.read.balanceOf([payer, market.address])).toBe(left)
  expect(await escrow.read.poolOf([market.address])).toBe(total - fees - protocolFees)
})
