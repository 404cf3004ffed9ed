import { getAddress, zeroAddress } from 'viem'
import { expect, test } from 'vitest'

import { activationDelay, networkHelpers, viem } from '../fixtures.ts'
import {
  type AuditsFixture,
  confirmWindow,
  deployAudits,
  liabilityFloor,
  liabilityRatioPpm,
  minChallengeWindow,
  tau,
} from './fixtures.ts'

type Arguments = readonly [`0x${string}`, number, number, number, bigint]

const argumentsOf = ({ market }: AuditsFixture): Arguments => [
  ...([market.address, tau, confirmWindow, liabilityRatioPpm, liabilityFloor] as const),
]

const deploy = (args: Arguments) => viem.deployContract('Audits', args)

test('default: takes escrow and staking from the market', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const { audits, market, escrow, staking } = fixture

  expect(await audits.read.MARKET()).toBe(getAddress(market.address))
  expect(await audits.read.ESCROW()).toBe(getAddress(escrow.address))
  expect(await audits.read.STAKING()).toBe(getAddress(staking.address))
  expect(await audits.read.TAU()).toBe(tau)
  expect(await audits.read.CONFIRM_WINDOW()).toBe(confirmWindow)
  expect(await audits.read.LIABILITY_RATIO_PPM()).toBe(liabilityRatioPpm)
  expect(await audits.read.LIABILITY_FLOOR()).toBe(liabilityFloor)
})

test('error: no market', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const [, ...rest] = argumentsOf(fixture)

  await viem.assertions.revertWithCustomError(
    deploy([zeroAddress, ...rest]),
    fixture.audits,
    'ZeroAddress',
  )
})

const maxFloor = 2n ** 96n - 1n
const maxWindow = Math.floor((minChallengeWindow - 1) / 2)

test.each([
  { name: 'tau', index: 1, wrong: [0, 3601], right: [1, 3600], min: 1n, max: 3600n },
  {
    ...{ name: 'confirmWindow', index: 2, min: 1n, max: BigInt(maxWindow) },
    ...{ wrong: [0, maxWindow + 1], right: [1] },
  },
  {
    ...{ name: 'liabilityRatioPpm', index: 3, min: 1_000_000n, max: 1_000_000_000n },
    ...{ wrong: [999_999, 1_000_000_001], right: [1_000_000, 1_000_000_000] },
  },
  {
    ...{ name: 'liabilityFloor', index: 4, min: 0n, max: maxFloor },
    ...{ wrong: [maxFloor + 1n], right: [0n, maxFloor] },
  },
])('error: $name out of its range', async ({ name, index, wrong, right, min, max }) => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const withValue = (value: bigint | number) =>
    argumentsOf(fixture).with(index, value) as unknown as Arguments

  for (const value of wrong) {
    await viem.assertions.revertWithCustomErrorWithArgs(
      deploy(withValue(value)),
      fixture.audits,
      'ParameterOutOfRange',
      [name, BigInt(value), min, max],
    )
  }
  for (const value of right) await deploy(withValue(value))
})

test('attack: nobody adds stake after seeing the seed', async () => {
  const fixture = await networkHelpers.loadFixture(deployAudits)
  const delay = Number(activationDelay)
  const [market, , , ...rest] = argumentsOf(fixture)

  await viem.assertions.revertWithCustomErrorWithArgs(
    deploy([market, tau, delay + 1, ...rest]),
    fixture.audits,
    'DelayTooShort',
    ['ACTIVATION_DELAY', activationDelay, activationDelay + 1n],
  )
  await deploy([market, tau, delay, ...rest])
})
