import { jobIdOf } from '@assay/protocol'
import { encodeFunctionData, getAddress, type Hex, zeroAddress, zeroHash } from 'viem'
import { expect, test } from 'vitest'

import { dollars, networkHelpers, provider, viem } from '../fixtures.ts'
import {
  answerJob,
  createJob,
  deployMarket,
  maxAnswerWindow,
  maxChallengeWindow,
  minChallengeWindow,
  reachFinality,
  requestJob,
} from './fixtures.ts'

const statusNone = 0
const statusOpen = 1

test('default', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, escrow, payer, model } = fixture
  const job = await createJob(fixture)
  const id = await market.read.jobId([job])
  expect(await market.read.statusOf([id])).toBe(statusNone)

  await viem.assertions.emitWithArgs(
    market.write.request([job, '0x010203'], { account: payer }),
    market,
    'JobRequested',
    [
      id,
      getAddress(payer),
      model,
      { ...job, payer: getAddress(payer), verifier: getAddress(job.verifier) },
      '0x010203',
    ],
  )

  expect(await market.read.statusOf([id])).toBe(statusOpen)
  expect(await escrow.read.balanceOf([payer, market.address])).toBe(dollars(5000) - job.feeMax)
  expect(await escrow.read.poolOf([market.address])).toBe(dollars(5000))
})

test('behavior: the id is the digest that the protocol package computes', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, publicClient } = fixture
  const job = await createJob(fixture)
  const chainId = await publicClient.getChainId()

  expect(await market.read.jobId([job])).toBe(jobIdOf({ chainId, market: market.address, job }))
})

test.each([0, 1, 31, 32, 33, 784])(
  'parameters: an input of %i bytes is logged whole',
  async (n) => {
    const fixture = await networkHelpers.loadFixture(deployMarket)
    const { market, payer } = fixture
    const job = await createJob(fixture)
    const input: Hex = `0x${'ab'.repeat(n)}`

    const hash = await market.write.request([job, input], { account: payer })

    const { logs } = await fixture.publicClient.getTransactionReceipt({ hash })
    const [event] = await market.getEvents.JobRequested({}, { blockHash: logs[0]!.blockHash! })
    expect(event!.args.input).toBe(input)
    expect(event!.args.job!.salt).toBe(job.salt)
    // Offset and length of the input, and its bytes in whole words, after the job's own 14.
    expect(logs[0]!.data.length).toBe(2 + 64 * (16 + Math.ceil(n / 32)))
  },
)

test('behavior: asking again for the same job changes and costs nothing', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, escrow, payer } = fixture
  const { job, id } = await requestJob(fixture)
  const balance = await escrow.read.balanceOf([payer, market.address])

  const hash = await market.write.request([job, '0xff'], { account: payer })

  const { logs } = await fixture.publicClient.getTransactionReceipt({ hash })
  expect(logs).toEqual([])
  expect(await market.read.statusOf([id])).toBe(statusOpen)
  expect(await escrow.read.balanceOf([payer, market.address])).toBe(balance)
})

test('behavior: a settled job can not be opened again', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, escrow, payer } = fixture
  const answered = await answerJob(fixture, await requestJob(fixture))
  await reachFinality(fixture, answered)
  await market.write.claim([answered.id, answered.settlement])
  const balance = await escrow.read.balanceOf([payer, market.address])

  await market.write.request([answered.job, '0x'], { account: payer })

  expect(await market.read.isSettled([answered.id])).toBe(true)
  expect(await escrow.read.balanceOf([payer, market.address])).toBe(balance)
})

test('error: somebody else than the payer', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, payer, outsider } = fixture

  await viem.assertions.revertWithCustomErrorWithArgs(
    market.write.request([await createJob(fixture), '0x'], { account: outsider }),
    market,
    'NotPayer',
    [getAddress(outsider), getAddress(payer)],
  )
})

test('error: more than the payer has in escrow', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, escrow, payer } = fixture
  const job = await createJob(fixture, { feeMax: dollars(5000) + 1n })

  await viem.assertions.revertWithCustomErrorWithArgs(
    market.write.request([job, '0x'], { account: payer }),
    escrow,
    'InsufficientBalance',
    [getAddress(payer), getAddress(market.address), dollars(5000), dollars(5000) + 1n],
  )
})

test.each([
  { name: 'above the highest', feeMin: 5n, feeMax: 4n },
  { name: 'of nothing', feeMin: 0n, feeMax: 0n },
  { name: 'of 96 bits and more', feeMin: 0n, feeMax: 2n ** 96n },
])('error: a fee $name', async ({ feeMin, feeMax }) => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, payer } = fixture
  const job = await createJob(fixture, { feeMin, feeMax })

  await viem.assertions.revertWithCustomErrorWithArgs(
    market.write.request([job, '0x'], { account: payer }),
    market,
    'FeeRangeInvalid',
    [feeMin, feeMax],
  )
})

test.each([0, 3601])('error: a tau of %i seconds', async (tau) => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, payer } = fixture
  const job = await createJob(fixture, { tau })

  await viem.assertions.revertWithCustomErrorWithArgs(
    market.write.request([job, '0x'], { account: payer }),
    market,
    'TauOutOfRange',
    [tau, 3600],
  )
})

test.each([
  { offset: -1, isAccepted: false },
  { offset: 0, isAccepted: false },
  { offset: 1, isAccepted: true },
  { offset: maxAnswerWindow, isAccepted: true },
  { offset: maxAnswerWindow + 1, isAccepted: false },
])('parameters: a deadline $offset seconds from now', async ({ offset, isAccepted }) => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, payer } = fixture
  const now = BigInt(await networkHelpers.time.latest()) + 10n
  const deadline = now + BigInt(offset)
  const job = await createJob(fixture, { deadline })
  await networkHelpers.time.setNextBlockTimestamp(now)
  const call = market.write.request([job, '0x'], { account: payer })

  if (isAccepted) {
    await call
    expect(await market.read.statusOf([await market.read.jobId([job])])).toBe(statusOpen)
    return
  }
  const range = [now + 1n, now + BigInt(maxAnswerWindow)] as const
  await viem.assertions.revertWithCustomErrorWithArgs(call, market, 'DeadlineOutOfRange', [
    deadline,
    ...range,
  ])
})

test.each([
  { challengeWindow: minChallengeWindow - 1, isAccepted: false },
  { challengeWindow: minChallengeWindow, isAccepted: true },
  { challengeWindow: maxChallengeWindow, isAccepted: true },
  { challengeWindow: maxChallengeWindow + 1, isAccepted: false },
])('parameters: a challenge window of $challengeWindow seconds', async (row) => {
  const { challengeWindow, isAccepted } = row
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, payer } = fixture
  const job = await createJob(fixture, { challengeWindow })
  const call = market.write.request([job, '0x'], { account: payer })

  if (isAccepted) {
    await call
    expect(await market.read.statusOf([await market.read.jobId([job])])).toBe(statusOpen)
    return
  }
  await viem.assertions.revertWithCustomErrorWithArgs(call, market, 'ChallengeWindowOutOfRange', [
    challengeWindow,
    minChallengeWindow,
    maxChallengeWindow,
  ])
})

test('error: a challenge window without a verifier', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, payer } = fixture
  const job = await createJob(fixture, { verifier: zeroAddress, challengeWindow: 10 })

  await viem.assertions.revertWithCustomErrorWithArgs(
    market.write.request([job, '0x'], { account: payer }),
    market,
    'ChallengeWindowOutOfRange',
    [10, 0, 0],
  )
})

test('error: another parameter set than the current one', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, payer } = fixture
  const job = await createJob(fixture, { parametersId: 2 })

  await viem.assertions.revertWithCustomErrorWithArgs(
    market.write.request([job, '0x'], { account: payer }),
    market,
    'ParametersNotCurrent',
    [2, 1],
  )
})

/** Place of each narrow field in the encoded job, and whether its own range already refuses a wider word. */
const narrowFields = [
  { field: 'payer', word: 0 },
  { field: 'verifier', word: 3 },
  { field: 'feeMin', word: 4 },
  { field: 'feeMax', word: 5 },
  { field: 'ramp', word: 6 },
  { field: 'tau', word: 7 },
  { field: 'deadline', word: 8 },
  { field: 'challengeWindow', word: 9 },
  { field: 'parametersId', word: 10 },
  { field: 'callbackGas', word: 11 },
  { field: 'callback', word: 12 },
]

test.each(narrowFields)('error: a $field wider than its type', async ({ word }) => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, payer, publicClient } = fixture
  const job = await createJob(fixture)
  const args = [job, '0x'] as const
  const data = encodeFunctionData({ abi: market.abi, functionName: 'request', args })
  const at = 2 + 8 + word * 64
  const dirty = `${data.slice(0, at)}01${data.slice(at + 2)}` as Hex
  const call = { account: payer, to: market.address }

  await expect(publicClient.call({ ...call, data })).resolves.toBeTruthy()
  await expect(publicClient.call({ ...call, data: dirty })).rejects.toThrow()
})

test('error: truncated calldata', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, payer, publicClient } = fixture
  const args = [await createJob(fixture), '0x'] as const
  const data = encodeFunctionData({ abi: market.abi, functionName: 'request', args })
  const call = { account: payer, to: market.address }

  for (const bytes of [1, 32, 64, 500]) {
    const truncated = data.slice(0, data.length - 2 * bytes) as Hex
    await expect(publicClient.call({ ...call, data: truncated })).rejects.toThrow()
  }
})

type Trace = { structLogs: { op: string; depth: number; stack: string[]; gasCost: number }[] }

/** Slots that a transaction writes from zero: those whose write costs the price of a new slot. */
async function newSlots(hash: Hex) {
  const { structLogs } = (await provider.request({
    method: 'debug_traceTransaction',
    params: [hash],
  })) as Trace
  return structLogs.filter(({ op, gasCost }) => op === 'SSTORE' && Number(gasCost) >= 20_000).length
}

test('behavior: a job opens one storage slot in its whole life', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, payer, operator, verifier } = fixture
  // The slots of operator and payer are in use from here on.
  const before = await answerJob(fixture, await requestJob(fixture))
  await reachFinality(fixture, before)
  await market.write.claim([before.id, before.settlement])

  const job = await createJob(fixture)
  const requested = await market.write.request([job, '0x'], { account: payer })
  expect(await newSlots(requested)).toBe(1)

  await networkHelpers.mine()
  const id = await market.read.jobId([job])
  const answered = await answerJob(fixture, { job, id, requestedAt: 0n, requestedBlock: 0n })
  const suspended = await verifier.write.suspend([market.address, answered.context])
  const resumed = await verifier.write.resume([market.address, answered.context, 0n])
  await reachFinality(fixture, answered)
  const claimed = await market.write.claim([id, answered.settlement], { account: operator })

  for (const hash of [answered.hash, suspended, resumed, claimed]) {
    expect(await newSlots(hash)).toBe(0)
  }
  expect(id).not.toBe(zeroHash)
})
