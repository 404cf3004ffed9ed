import { assayActions, isRevert } from '@assay/sdk'
import { randomRun } from '@assay/tensor/examples'
import { answerJob, deploySuite, dollars, publishProgram } from '@assay/testing'
import { network } from 'hardhat'
import { expect, test } from 'vitest'

const { viem, networkHelpers } = await network.create()
const { program, trace } = randomRun(7)

async function fixture() {
  const suite = await deploySuite(viem)
  const { version: model } = await publishProgram(suite, program)
  const operator = suite.actors.operator.extend(assayActions(suite.deployment))
  const payer = suite.actors.payer.extend(assayActions(suite.deployment))
  await payer.deposit({ amount: dollars(50) })
  return { suite, model, operator, payer }
}

test('default: joins, serves and leaves with its stake', async () => {
  const { suite, model, operator, payer } = await networkHelpers.loadFixture(fixture)
  const { terms, token, staking, actors } = suite
  const { address } = operator.account
  const payout = actors.outsider.account.address
  await operator.registerOperator({ payout, endpoint: 'https://operator.example' })
  await operator.setAsk({ model, price: dollars(1) })
  await operator.depositStake({ amount: dollars(100) })
  await operator.allocateStake({ model, amount: dollars(100) })
  const early = await operator.activateStake({ model }).catch((error) => error)
  expect(isRevert(early, 'ActivationTooEarly')).toBe(true)
  await networkHelpers.time.increase(terms.activationDelay)
  await operator.activateStake({ model })

  const wanted = { model, inputHash: trace.inputHash, feeMax: dollars(3) }
  const { id, job } = await payer.requestJob(wanted)
  await answerJob(suite, networkHelpers, { job, operator: 'operator', trace })
  const { answer } = await payer.waitForAnswer({ id, timeoutMs: 5_000 })
  const all = await operator.thawStake({ model, amount: dollars(100) }).catch((error) => error)
  expect(isRevert(all, 'InsufficientUnreservedStake') && all.args.reserved).toBe(answer.reserved)

  await networkHelpers.time.increase(terms.minChallengeWindow)
  await operator.claimMany({ ids: [id] })
  const before = await token.read.balanceOf([payout])
  const { amount } = await operator.collect({ models: [model] })
  expect((await token.read.balanceOf([payout])) - before).toBe(amount)

  await operator.setAsk({ model, price: 0n, serving: false })
  await operator.thawStake({ model, amount: dollars(100) })
  const soon = await operator.freeStake({ model }).catch((error) => error)
  expect(isRevert(soon, 'ThawTooEarly')).toBe(true)
  await networkHelpers.time.increase(terms.thawDelay)
  await operator.freeStake({ model })
  await operator.withdrawStake({ amount: dollars(100) })
  expect(await token.read.balanceOf([address])).toBe(terms.funds)
  expect(await staking.read.freeOf([address])).toBe(0n)
})

test('behavior: others may stake for an operator, and activate what is due', async () => {
  const { suite, model, operator, payer } = await networkHelpers.loadFixture(fixture)
  const { address } = operator.account
  await payer.depositStake({ operator: address, amount: dollars(7) })
  await operator.allocateStake({ model, amount: dollars(7) })
  await networkHelpers.time.increase(suite.terms.activationDelay)
  await payer.activateStake({ model, operator: address })
  expect((await payer.getAllocation({ model, operator: address })).active).toBe(dollars(7))
})
