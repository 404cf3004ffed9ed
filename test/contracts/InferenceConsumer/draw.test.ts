import { dollars } from '@assay/testing'
import { encodeAbiParameters, getAddress, keccak256, parseEventLogs, zeroHash } from 'viem'
import { expect, test } from 'vitest'

import {
  answer,
  deliver,
  deployGate,
  draw,
  funds,
  networkHelpers,
  reachFinality,
  right,
  viem,
  wrong,
} from './fixtures.ts'

test('default: requests the reading of a drawing at the gate’s expense', async () => {
  const fixture = await networkHelpers.loadFixture(deployGate)
  const { gate, market, escrow, actors, version, deployment } = fixture
  const address = getAddress(actors.outsider.account.address)
  const { id, job } = await draw(fixture, right)

  expect(job).toMatchObject({
    payer: getAddress(gate.address),
    callback: getAddress(gate.address),
    model: version,
    verifier: getAddress(deployment.tensorVerifier),
    inputHash: right.trace.inputHash,
    salt: keccak256(
      encodeAbiParameters([{ type: 'address' }, { type: 'bytes32' }], [address, zeroHash]),
    ),
  })
  expect(await gate.read.attemptOf([id])).toEqual([address, false, 0])
  expect(await escrow.read.balanceOf([gate.address, market.address])).toBe(funds - dollars(2))
})

test('behavior: two visitors with the same drawing have a job each, and enter each for itself', async () => {
  const fixture = await networkHelpers.loadFixture(deployGate)
  const { gate, actors } = fixture
  const [first, second] = [
    await draw(fixture, right, 'outsider'),
    await draw(fixture, right, 'relayer'),
  ]
  expect(first.id).not.toBe(second.id)
  const answers = [
    await answer(fixture, first.job, right.trace),
    await answer(fixture, second.job, right.trace),
  ] as const
  for (const each of answers) await deliver(fixture, each)

  await reachFinality(fixture, answers[1])
  await gate.write.enter([second.id])
  expect(await gate.read.isAdmitted([actors.relayer.account.address])).toBe(true)
  expect(await gate.read.isAdmitted([actors.outsider.account.address])).toBe(false)
  await gate.write.enter([first.id])
  expect(await gate.read.isAdmitted([actors.outsider.account.address])).toBe(true)
})

test('behavior: one visitor that draws the same twice in a block pays once', async () => {
  const fixture = await networkHelpers.loadFixture(deployGate)
  const { gate, market, escrow, actors, publicClient } = fixture
  const { account } = actors.outsider
  const args = [right.trace.inputHash, right.input, zeroHash] as const
  const testClient = await viem.getTestClient()
  await testClient.setAutomine(false)
  const hashes = [await gate.write.draw(args, { account, gas: 1_000_000n })]
  hashes.push(await gate.write.draw(args, { account, gas: 1_000_000n }))
  await testClient.mine({ blocks: 1 })
  await testClient.setAutomine(true)

  const requested = hashes.map(async (hash) => {
    const { logs, status } = await publicClient.getTransactionReceipt({ hash })
    expect(status).toBe('success')
    return parseEventLogs({ abi: market.abi, eventName: 'JobRequested', logs }).length
  })
  expect(await Promise.all(requested)).toEqual([1, 0])
  expect(await escrow.read.balanceOf([gate.address, market.address])).toBe(funds - dollars(2))
})

test('behavior: the salt makes a second job of the same drawing', async () => {
  const fixture = await networkHelpers.loadFixture(deployGate)
  const salt = keccak256('0x01')
  const [first, second] = [await draw(fixture, wrong), await draw(fixture, wrong, 'outsider', salt)]
  expect(first.id).not.toBe(second.id)
})

test('error: the gate has no money left', async () => {
  const fixture = await networkHelpers.loadFixture(deployGate)
  const { gate, market, escrow } = fixture
  const jobs = Number(funds / dollars(2))
  for (let i = 0; i < jobs; i++) await draw(fixture, right)

  await viem.assertions.revertWithCustomErrorWithArgs(
    gate.write.draw([right.trace.inputHash, right.input, zeroHash]),
    escrow,
    'InsufficientBalance',
    [gate.address, market.address, 0n, dollars(2)],
  )
})
