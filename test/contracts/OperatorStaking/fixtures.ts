import { keccak256, toHex } from 'viem'

import { activationDelay, deployCore, dollars, networkHelpers, viem } from '../fixtures.ts'

export const model = keccak256(toHex('model'))
export const reason = keccak256(toHex('reason'))

/** `deployCore`, a source, and an operator with 100 dollars of free stake. */
export async function deployStake() {
  const core = await deployCore()
  const source = await viem.deployContract('TestSource', [core.staking.address])
  await core.staking.write.deposit([core.operator, dollars(100)], { account: core.operator })
  return { ...core, source }
}

/** `deployStake` with all 100 dollars active on `model`. */
export async function deployActiveStake() {
  const stake = await deployStake()
  const { staking, source, operator } = stake
  await staking.write.allocate([source.address, model, dollars(100)], { account: operator })
  await networkHelpers.time.increase(activationDelay)
  await staking.write.activate([source.address, model, operator])
  return stake
}
