import { getAddress } from 'viem'
import { expect, test } from 'vitest'
import { activationDelay, dollars, networkHelpers, viem } from '../fixtures.ts'
import { deployStake, model } from './fixtures.ts'

test('behavior: free stake waits behind the model, and counts for nothing yet', async () => {
  const { staking, source, operator } = await networkHelpers.loadFixture(deployStake)
  await networkHelpers.time.setNextBlockTimestamp(2_000_000_000n)

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
      2_000_000_000n + activationDelay,
    ],
  )

  expect(await staking.read.freeOf([operator])).toBe(dollars(60))
  expect(await source.read.weightsOf([model, operator])).toEqual([0n, 0n])
})
