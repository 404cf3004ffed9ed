import { getAddress, zeroAddress, zeroHash } from 'viem'
import { expect, test } from 'vitest'

import { funds, networkHelpers, viem } from '../fixtures.ts'
import { type AnsweredJob, deployAnswered, deployMarket, reachFinality, stake } from './fixtures.ts'

async function deploySettled() {
  const fixture = await deployMarket()
  const answered: AnsweredJob = await deployAnswered(fixture)
  await reachFinality(fixture, answered)
  await fixture.market.write.claim([answered.id, answered.settlement])
  const { fee, protocolFee } = answered.settlement
  return { ...fixture, fee, protocolFee }
}

async function registerPayout({ staking, operator }: Fixture, payout: `0x${string}`) {
  const record = { signer: zeroAddress, payout, encryptionKey: zeroHash, endpoint: '' }
  await staking.write.register([record], { account: operator })
}

type Fixture = Awaited<ReturnType<typeof deploySettled>>

test('default', async () => {
  const fixture = await networkHelpers.loadFixture(deploySettled)
  const { market, token, operator, outsider, model, fee, protocolFee } = fixture

  await viem.assertions.emitWithArgs(
    market.write.collect([operator, [model]], { account: outsider }),
    market,
    'EarningsCollected',
    [getAddress(operator), model, getAddress(operator), fee],
  )

  expect(await token.read.balanceOf([operator])).toBe(funds - stake + fee)
  expect(await market.read.exposureOf([model, operator])).toEqual({
    reserved: 0n,
    earned: 0n,
    protocolFee: 0n,
  })
  expect(await market.read.protocolFees()).toBe(protocolFee)
})

test('behavior: pays to the payout address, whoever calls', async () => {
  const fixture = await networkHelpers.loadFixture(deploySettled)
  const { market, token, operator, outsider, submitter, model, fee } = fixture
  await registerPayout(fixture, submitter)

  await market.write.collect([operator, [model]], { account: outsider })

  expect(await token.read.balanceOf([submitter])).toBe(fee)
  expect(await token.read.balanceOf([outsider])).toBe(0n)
})

test('behavior: a second call, a repeated or an unknown model pays nothing more', async () => {
  const fixture = await networkHelpers.loadFixture(deploySettled)
  const { market, token, operator, model, fee } = fixture
  await market.write.collect([operator, [zeroHash, model, model]])
  await market.write.collect([operator, [model]])

  expect(await token.read.balanceOf([operator])).toBe(funds - stake + fee)
})

test('behavior: reservations stay', async () => {
  const fixture = await networkHelpers.loadFixture(deploySettled)
  const { market, operator, model } = fixture
  const { settlement } = await deployAnswered(fixture)

  await market.write.collect([operator, [model]])

  expect(await market.read.reservedOf([model, operator])).toBe(settlement.reserved)
})

test('behavior: protocol fees that outgrow their field move on by themselves', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, token, escrow, staking, payer, operator, model, admin } = fixture
  // 5 % of 2^70 token units is more than 64 bits hold.
  const huge = 2n ** 70n
  const reserved = huge * 2n
  await token.write.mint([payer, huge])
  await token.write.mint([operator, reserved])
  await escrow.write.deposit([payer, market.address, huge], { account: payer })
  await staking.write.deposit([operator, reserved], { account: operator })
  await staking.write.allocate([market.address, model, reserved], { account: operator })
  await networkHelpers.time.increase(await staking.read.ACTIVATION_DELAY())
  await staking.write.activate([market.address, model, operator])
  const answered = await deployAnswered(fixture, { feeMin: huge, feeMax: huge })
  await reachFinality(fixture, answered)
  const before = (await market.read.exposureOf([model, operator])).protocolFee

  await market.write.claim([answered.id, answered.settlement])

  const { protocolFee } = answered.settlement
  expect(protocolFee).toBeGreaterThan(2n ** 64n)
  expect((await market.read.exposureOf([model, operator])).protocolFee).toBe(0n)
  expect(await market.read.protocolFees()).toBe(before + protocolFee)
  await market.write.collectProtocolFees([admin], { account: admin })
  expect(await token.read.balanceOf([admin])).toBe(protocolFee)
})
