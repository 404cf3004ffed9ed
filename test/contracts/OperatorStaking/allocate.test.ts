import { getAddress, zeroAddress } from 'viem'
import { expect, test } from 'vitest'

import { activationDelay, dollars, networkHelpers, viem } from '../fixtures.ts'
import { deployStake, model } from './fixtures.ts'

const now = 2_000_000_000n

test('behavior: free stake waits behind the model, and counts for nothing yet', async () => {
  const { staking, source, operator } = await networkHelpers.loadFixture(deployStake)
  await networkHelpers.time.setNextBlockTimestamp(now)

  await viem.assertions.emitWithArgs(
    staking.write.allocate([source.address, model, dollars(40)], { account: operator }),
    staking,
    'StakeAllocated',
    [
      getAddress(operator),
      getAddress(source.address),
      model,
      dollars(40),
      dollars(40),
      now + activationDelay,
    ],
  )

  expect(await staking.read.freeOf([operator])).toBe(dollars(60))
  expect(await source.read.weightsOf([model, operator])).toEqual([0n, 0n])
})

test('behavior: allocating more restarts the delay of what is pending', async () => {
  const { staking, source, operator } = await networkHelpers.loadFixture(deployStake)
  const account = { account: operator }
  await networkHelpers.time.setNextBlockTimestamp(now)
  await staking.write.allocate([source.address, model, dollars(40)], account)
  await networkHelpers.time.setNextBlockTimestamp(now + activationDelay)
  await staking.write.allocate([source.address, model, dollars(10)], account)

  await viem.assertions.revertWithCustomErrorWithArgs(
    staking.write.activate([source.address, model, operator]),
    staking,
    'ActivationTooEarly',
    [now + 2n * activationDelay, now + activationDelay + 1n],
  )
  expect(await staking.read.allocationOf([source.address, model, operator])).toMatchObject({
    pending: dollars(50),
    activeAt: now + 2n * activationDelay,
  })
})

test('behavior: an address without code may be a source', async () => {
  const { staking, operator, outsider } = await networkHelpers.loadFixture(deployStake)

  await staking.write.allocate([outsider, model, dollars(40)], { account: operator })

  expect(await staking.read.allocationOf([outsider, model, operator])).toMatchObject({
    pending: dollars(40),
  })
})

test('error: more than is free, nothing, to nobody', async () => {
  const { staking, source, operator } = await networkHelpers.loadFixture(deployStake)
  const account = { account: operator }

  await viem.assertions.revertWithCustomErrorWithArgs(
    staking.write.allocate([source.address, model, dollars(100) + 1n], account),
    staking,
    'InsufficientFreeStake',
    [getAddress(operator), dollars(100), dollars(100) + 1n],
  )
  await viem.assertions.revertWithCustomError(
    staking.write.allocate([source.address, model, 0n], account),
    staking,
    'ZeroAmount',
  )
  await viem.assertions.revertWithCustomError(
    staking.write.allocate([zeroAddress, model, 1n], account),
    staking,
    'ZeroAddress',
  )
})

test('error: a contract that cannot say what it reserves takes no stake', async () => {
  const { staking, token, operator } = await networkHelpers.loadFixture(deployStake)

  await viem.assertions.revertWithCustomErrorWithArgs(
    staking.write.allocate([token.address, model, 1n], { account: operator }),
    staking,
    'SourceUnreadable',
    [getAddress(token.address)],
  )
})
