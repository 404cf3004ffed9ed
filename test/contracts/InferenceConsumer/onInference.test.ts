import { dollars } from '@assay/testing'
import { getAddress, parseEventLogs, zeroAddress } from 'viem'
import { expect, test } from 'vitest'

import {
  answer,
  deliver,
  deployGate,
  draw,
  drawAndAnswer,
  networkHelpers,
  reachFinality,
  right,
  scoresFor,
  status,
  viem,
  withScores,
  wrong,
} from './fixtures.ts'

test('default: keeps the digit at once, with the status it had', async () => {
  const fixture = await networkHelpers.loadFixture(deployGate)
  const { gate, actors } = fixture
  const answered = await drawAndAnswer(fixture, right)

  await viem.assertions.emitWithArgs(deliver(fixture, answered), gate, 'DrawingRead', [
    answered.id,
    right.digit,
    status.answered,
  ])
  const attempt = [getAddress(actors.outsider.account.address), true, right.digit]
  expect(await gate.read.attemptOf([answered.id])).toEqual(attempt)
})

test('behavior: a second delivery comes with the status of its time and changes nothing', async () => {
  const fixture = await networkHelpers.loadFixture(deployGate)
  const { gate, market } = fixture
  const answered = await drawAndAnswer(fixture, wrong)
  await deliver(fixture, answered)
  const attempt = await gate.read.attemptOf([answered.id])

  await reachFinality(fixture, answered)
  await market.write.claim([answered.id, answered.settlement])
  await viem.assertions.emitWithArgs(deliver(fixture, answered), gate, 'DrawingRead', [
    answered.id,
    wrong.digit,
    status.final,
  ])
  expect(await gate.read.attemptOf([answered.id])).toEqual(attempt)
})

test('behavior: a delivery that brings too little gas fails whole, and can be tried again', async () => {
  const fixture = await networkHelpers.loadFixture(deployGate)
  const { gate, market } = fixture
  const answered = await drawAndAnswer(fixture, right)
  const { settlement, claim, output } = answered

  await viem.assertions.revertWithCustomError(
    market.write.deliver([settlement, claim, output], { gas: 120_000n }),
    market,
    'InsufficientCallbackGas',
  )
  expect((await gate.read.attemptOf([answered.id]))[1]).toBe(false)
  await deliver(fixture, answered)
  expect((await gate.read.attemptOf([answered.id]))[1]).toBe(true)
})

test('behavior: of equal scores the first counts', async () => {
  const fixture = await networkHelpers.loadFixture(deployGate)
  const scores = Uint8Array.of(0, 9, 3, 9, 0, 9, 0, 0, 0, 1)
  const answered = await drawAndAnswer(fixture, right, withScores(right, scores))
  await deliver(fixture, answered)
  expect((await fixture.gate.read.attemptOf([answered.id]))[2]).toBe(1)
})

test('error: a stranger, though it be the operator, tells the gate nothing', async () => {
  const fixture = await networkHelpers.loadFixture(deployGate)
  const { gate, market, actors } = fixture
  const { id, claim, output } = await drawAndAnswer(fixture, right)

  for (const { account } of [actors.outsider, actors.operator]) {
    await viem.assertions.revertWithCustomErrorWithArgs(
      gate.write.onInference([id, claim, output, status.final], { account }),
      gate,
      'NotMarket',
      [account.address, market.address],
    )
  }
  expect((await gate.read.attemptOf([id]))[1]).toBe(false)
})

test('error: the gate refuses the result of a job that it did not request', async () => {
  const fixture = await networkHelpers.loadFixture(deployGate)
  const { gate, market, escrow, actors, publicClient } = fixture
  const { job } = await draw(fixture, right)
  const { account } = actors.payer
  await escrow.write.deposit([account.address, market.address, dollars(2)], { account })
  const foreign = { ...job, payer: account.address }
  await market.write.request([foreign, '0x'], { account })
  const answered = await answer(fixture, foreign, withScores(right, scoresFor(right.digit)))

  const hash = await deliver(fixture, answered)
  const { logs } = await publicClient.getTransactionReceipt({ hash })
  const [log] = parseEventLogs({ abi: market.abi, eventName: 'CallbackAttempted', logs })
  expect(log?.args).toEqual({ id: answered.id, callback: getAddress(gate.address), success: false })
  expect(await gate.read.attemptOf([answered.id])).toEqual([zeroAddress, false, 0])
})

test('error: the gate refuses an output that is not one score for each digit', async () => {
  const fixture = await networkHelpers.loadFixture(deployGate)
  const { gate, publicClient, market } = fixture
  const tensors = [...right.trace.tensors.slice(0, -1), [new Uint8Array(9)]]
  const answered = await drawAndAnswer(fixture, right, { ...right.trace, tensors })

  const hash = await deliver(fixture, answered)
  const { logs } = await publicClient.getTransactionReceipt({ hash })
  const [log] = parseEventLogs({ abi: market.abi, eventName: 'CallbackAttempted', logs })
  expect(log?.args.success).toBe(false)
  expect((await gate.read.attemptOf([answered.id]))[1]).toBe(false)
})
