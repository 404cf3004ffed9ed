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

/** 100 dollars on `model`: 50 active, 30 thawing, 20 pending. */
export async function deployMixedStake() {
  const stake = await deployStake()
  const { staking, source, operator } = stake
  const account = { account: operator }
  await staking.write.allocate([source.address, model, dollars(80)], account)
  await networkHelpers.time.increase(activationDelay)
  await staking.write.activate([source.address, model, operator])
  await staking.write.thaw([source.address, model, dollars(30)], account)
  await staking.write.allocate([source.address, model, dollars(20)], account)
  return stake
}
