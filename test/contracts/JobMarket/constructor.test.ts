import { getAddress, zeroAddress } from 'viem'
import { expect, test } from 'vitest'

import { activationDelay, networkHelpers, thawDelay, viem } from '../fixtures.ts'
import {
  deployMarket,
  marketArguments,
  maxAnswerWindow,
  maxChallengeWindow,
  minChallengeWindow,
  parameters,
} from './fixtures.ts'

test('default', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, escrow, staking, registry } = fixture

  expect(await market.read.ESCROW()).toBe(getAddress(escrow.address))
  expect(await market.read.STAKING()).toBe(getAddress(staking.address))
  expect(await market.read.REGISTRY()).toBe(getAddress(registry.address))
  expect(await market.read.MAX_ANSWER_WINDOW()).toBe(maxAnswerWindow)
  expect(await market.read.MIN_CHALLENGE_WINDOW()).toBe(minChallengeWindow)
  expect(await market.read.MAX_CHALLENGE_WINDOW()).toBe(maxChallengeWindow)
  expect(await market.read.MAX_PROTOCOL_FEE_PPM()).toBe(50_000)
  expect(await market.read.currentParametersId()).toBe(1)
  expect(await market.read.parametersOf([1])).toEqual(parameters)
})

test('attack 10: stake must stay longer than an answer or a challenge can take', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market } = fixture
  const [escrow, staking, registry, manager, , min, , set] = marketArguments(fixture)
  const tooLongToAnswer = Number(activationDelay) + 1
  const tooLongToChallenge = Number(thawDelay) + 1
  const core = [escrow, staking, registry, manager] as const

  await viem.assertions.revertWithCustomErrorWithArgs(
    viem.deployContract('JobMarket', [...core, tooLongToAnswer, min, maxChallengeWindow, set]),
    market,
    'DelayTooShort',
    ['ACTIVATION_DELAY', activationDelay, BigInt(tooLongToAnswer)],
  )
  await viem.assertions.revertWithCustomErrorWithArgs(
    viem.deployContract('JobMarket', [...core, maxAnswerWindow, min, tooLongToChallenge, set]),
    market,
    'DelayTooShort',
    ['THAW_DELAY', thawDelay, BigInt(tooLongToChallenge)],
  )
})

test.each([0, 1, 2, 3])('error: argument %i is the zero address', async (index) => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const given = [...marketArguments(fixture)] as Parameters<typeof deploy>[0]
  given[index as 0] = zeroAddress

  await viem.assertions.revertWithCustomError(deploy(given), fixture.market, 'ZeroAddress')
})

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

function deploy(given: Mutable<ReturnType<typeof marketArguments>>) {
  return viem.deployContract('JobMarket', given)
}

test.each([0, maxChallengeWindow + 1])('error: a least window of %i seconds', async (min) => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const [escrow, staking, registry, manager, answer, , max, set] = marketArguments(fixture)
  const given = [escrow, staking, registry, manager, answer, min, max, set] as const

  await viem.assertions.revertWithCustomErrorWithArgs(
    viem.deployContract('JobMarket', given),
    fixture.market,
    'ParameterOutOfRange',
    ['minChallengeWindow', BigInt(min), 1n, BigInt(maxChallengeWindow)],
  )
})
