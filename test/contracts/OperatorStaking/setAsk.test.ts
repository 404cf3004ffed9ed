import { getAddress } from 'viem'
import { test } from 'vitest'

import { deployCore, dollars, networkHelpers, viem } from '../fixtures.ts'
import { model } from './fixtures.ts'

test('behavior: publishes the price at which the caller serves a model', async () => {
  const { staking, operator } = await networkHelpers.loadFixture(deployCore)

  await viem.assertions.emitWithArgs(
    staking.write.setAsk([model, dollars(1), true], { account: operator }),
    staking,
    'AskSet',
    [getAddress(operator), model, dollars(1), true],
  )
})
