import { getAddress, maxUint256 } from 'viem'
import { expect, test } from 'vitest'

import { activationDelay, dollars, networkHelpers, thawDelay, viem } from '../fixtures.ts'
import { deployActiveStake, deployStake, model } from './fixtures.ts'

const now = 2_000_000_000n

/** What `FaultySource` does; numbered as in its enum. */
const faults = { none: 0, revert: 1, spin: 2, mumble: 3, exaggerate: 4, ramble: 5 }

async function deployFaultySource() {
  const stake = await deployStake()
  const { staking, operator } = stake
  const faulty = await viem.deployContract('FaultySource')
  await staking.write.allocate([faulty.address, model, dollars(100)], { account: operator })
  await networkHelpers.time.increase(activationDelay)
  await staking.write.activate([faulty.address, model, operator])
  return { ...stake, faulty }
}

test('behavior: stake leaves the sortition at once and waits', async () => {
  const { staking, source, operator } = await networkHelpers.loadFixture(deployActiveStake)
  await networkHelpers.time.setNextBlockTimestamp(now)

  await viem.assertions.emitWithArgs(
    staking.write.thaw([source.address, model, dollars(40)], { account: operator }),
    staking,
    'StakeThawed',
    [
      getAddress(operator),
      getAddress(source.address),
      model,
      dollars(40),
      dollars(40),
      now + thawDelay,
    ],
  )

  expect(await source.read.weightsOf([model, operator])).toEqual([dollars(60), dollars(60)])
  expect(await staking.read.freeOf([operator])).toBe(0n)
})

test('behavior: thawing more restarts the delay of what thaws', async () => {
  const { staking, source, operator } = await networkHelpers.loadFixture(deployActiveStake)
  await staking.write.thaw([source.address, model, dollars(40)], { account: operator })
  await networkHelpers.time.setNextBlockTimestamp(now)
  await staking.write.thaw([source.address, model, dollars(10)], { account: operator })

  expect(await staking.read.allocationOf([source.address, model, operator])).toMatchObject({
    active: dollars(50),
    thawing: dollars(50),
    thawedAt: now + thawDelay,
  })
})

test('attack 10: what is reserved cannot thaw, to the last unit', async () => {
  const { staking, source, operator } = await networkHelpers.loadFixture(deployActiveStake)
  const account = { account: operator }
  await source.write.reserve([model, operator, dollars(70)])

  await viem.assertions.revertWithCustomErrorWithArgs(
    staking.write.thaw([source.address, model, dollars(30) + 1n], account),
    staking,
    'InsufficientUnreservedStake',
    [getAddress(operator), dollars(100), dollars(70), dollars(30) + 1n],
  )
  await staking.write.thaw([source.address, model, dollars(30)], account)
  await viem.assertions.revertWithCustomErrorWithArgs(
    staking.write.thaw([source.address, model, 1n], account),
    staking,
    'InsufficientUnreservedStake',
    [getAddress(operator), dollars(70), dollars(70), 1n],
  )
})

test("attack 10: an operator thaws nothing of another's", async () => {
  const { staking, source, rival } = await networkHelpers.loadFixture(deployActiveStake)

  await viem.assertions.revertWithCustomErrorWithArgs(
    staking.write.thaw([source.address, model, 1n], { account: rival }),
    staking,
    'InsufficientUnreservedStake',
    [getAddress(rival), 0n, 0n, 1n],
  )
})

test('error: more than is active, nothing', async () => {
  const { staking, source, operator } = await networkHelpers.loadFixture(deployActiveStake)
  const account = { account: operator }

  await viem.assertions.revertWithCustomErrorWithArgs(
    staking.write.thaw([source.address, model, maxUint256], account),
    staking,
    'InsufficientUnreservedStake',
    [getAddress(operator), dollars(100), 0n, maxUint256],
  )
  await viem.assertions.revertWithCustomError(
    staking.write.thaw([source.address, model, 0n], account),
    staking,
    'ZeroAmount',
  )
})

test.each([{ fault: 'revert' }, { fault: 'spin' }, { fault: 'mumble' }] as const)(
  'attack 4: a source that fails ($fault) keeps its stake until it answers',
  async ({ fault }) => {
    const { staking, faulty, operator } = await networkHelpers.loadFixture(deployFaultySource)
    const account = { account: operator, gas: 2n ** 24n }
    await faulty.write.fail([faults[fault]])

    await viem.assertions.revertWithCustomErrorWithArgs(
      staking.write.thaw([faulty.address, model, 1n], account),
      staking,
      'SourceUnreadable',
      [getAddress(faulty.address)],
    )
    await faulty.write.fail([faults.none])
    await staking.write.thaw([faulty.address, model, dollars(100)], account)
  },
)

test('attack 4: a source that says it reserves everything keeps it without an overflow', async () => {
  const { staking, faulty, operator } = await networkHelpers.loadFixture(deployFaultySource)
  await faulty.write.fail([faults.exaggerate])

  await viem.assertions.revertWithCustomErrorWithArgs(
    staking.write.thaw([faulty.address, model, 1n], { account: operator }),
    staking,
    'InsufficientUnreservedStake',
    [getAddress(operator), dollars(100), maxUint256, 1n],
  )
})

test('attack 3: what a source can make its operator pay for is bounded', async () => {
  const { staking, faulty, operator, publicClient } =
    await networkHelpers.loadFixture(deployFaultySource)
  await faulty.write.fail([faults.ramble])

  const hash = await staking.write.thaw([faulty.address, model, 1n], { account: operator })

  const { gasUsed } = await publicClient.getTransactionReceipt({ hash })
  expect(gasUsed).toBeLessThan(300_000n)
})

test('behavior: an address without code reserves nothing, so its stake is never stuck', async () => {
  const { staking, operator, outsider } = await networkHelpers.loadFixture(deployStake)
  const account = { account: operator }
  await staking.write.allocate([outsider, model, dollars(40)], account)
  await networkHelpers.time.increase(activationDelay)
  await staking.write.activate([outsider, model, operator])

  await staking.write.thaw([outsider, model, dollars(40)], account)

  await networkHelpers.time.increase(thawDelay)
  await staking.write.free([outsider, model, operator])
  expect(await staking.read.freeOf([operator])).toBe(dollars(100))
})
