import { encodeFunctionData, getAddress, type Hex, keccak256, zeroHash } from 'viem'
import { describe, expect, test } from 'vitest'

import { networkHelpers, provider, viem } from '../fixtures.ts'
import {
  type AnsweredJob,
  createJob,
  deployAnswered,
  deployMarket,
  evidenceHash,
  output,
  reachFinality,
  reachSlot,
  readAnswer,
  requestJob,
} from './fixtures.ts'

const status = { open: 1, answered: 3, challenged: 4, final: 5, refuted: 6 }
const conduct = { accept: 0, revert: 1, burnAllGas: 2, returnMegabyte: 3, revertWithMegabyte: 4 }
const callbackGas = 1_000_000

async function deployCallback() {
  const fixture = await deployMarket()
  const callback = await viem.deployContract('HostileCallback')
  // Long enough for the wall clock, which the chain's follows, to run on between tests.
  const job = { callback: callback.address, callbackGas, challengeWindow: 600 }
  const answered = await deployAnswered(fixture, job)
  return { ...fixture, callback, answered }
}

type Fixture = Awaited<ReturnType<typeof deployCallback>>

function deliver({ market, outsider }: Fixture, answered: AnsweredJob, gas?: bigint) {
  const args = [answered.settlement, answered.claim, output] as const
  return market.write.deliver(args, { account: outsider, ...(gas === undefined ? {} : { gas }) })
}

function expectAttempt(fixture: Fixture, answered: AnsweredJob, success: boolean) {
  const { market, callback } = fixture
  return viem.assertions.emitWithArgs(deliver(fixture, answered), market, 'CallbackAttempted', [
    answered.id,
    getAddress(callback.address),
    success,
  ])
}

test('default', async () => {
  const fixture = await networkHelpers.loadFixture(deployCallback)
  const { callback, answered } = fixture
  await reachFinality(fixture, answered)

  await expectAttempt(fixture, answered, true)

  expect(await callback.read.deliveries()).toBe(1n)
  expect(await callback.read.outputHash()).toBe(keccak256(output))
  expect(await callback.read.status()).toBe(status.final)
})

test('behavior: can come early, again, and after the settlement, and says so', async () => {
  const fixture = await networkHelpers.loadFixture(deployCallback)
  const { market, callback, verifier, answered } = fixture
  await deliver(fixture, answered)
  expect(await callback.read.status()).toBe(status.answered)

  await verifier.write.suspend([market.address, answered.context])
  await deliver(fixture, answered)
  expect(await callback.read.status()).toBe(status.challenged)

  await verifier.write.resume([market.address, answered.context, 0n])
  await reachFinality(fixture, answered)
  await market.write.claim([answered.id, answered.settlement])
  await deliver(fixture, answered)
  expect(await callback.read.status()).toBe(status.final)
  expect(await callback.read.deliveries()).toBe(3n)
})

describe('error', () => {
  test('a refuted answer', async () => {
    const fixture = await networkHelpers.loadFixture(deployCallback)
    const { market, verifier, answered } = fixture
    await verifier.write.refute([market.address, answered.context])

    await viem.assertions.revertWithCustomErrorWithArgs(
      deliver(fixture, answered),
      market,
      'NotAnswered',
      [answered.id, status.refuted],
    )
  })

  test('a job without an answer', async () => {
    const fixture = await networkHelpers.loadFixture(deployCallback)
    const { market, answered } = fixture
    const { id } = await requestJob(fixture)
    const claim = { ...answered.claim, requestId: id }

    await viem.assertions.revertWithCustomErrorWithArgs(
      market.write.deliver([answered.settlement, claim, output]),
      market,
      'NotAnswered',
      [id, status.open],
    )
  })

  test('another settlement, claim or output than was answered', async () => {
    const fixture = await networkHelpers.loadFixture(deployCallback)
    const { market, outsider, answered } = fixture
    const { id, settlement, claim } = answered
    const elsewhere = { ...settlement, callback: outsider }
    const forged = { ...claim, outputHash: keccak256('0x00') }

    await viem.assertions.revertWithCustomErrorWithArgs(
      market.write.deliver([elsewhere, claim, output]),
      market,
      'SettlementMismatch',
      [id],
    )
    await viem.assertions.revertWithCustomErrorWithArgs(
      market.write.deliver([settlement, forged, '0x00']),
      market,
      'ClaimMismatch',
      [(given: Hex) => given !== settlement.claimHash, settlement.claimHash],
    )
    await viem.assertions.revertWithCustomErrorWithArgs(
      market.write.deliver([settlement, claim, '0x00']),
      market,
      'OutputMismatch',
      [id, keccak256('0x00'), keccak256(output)],
    )
  })

  test('a job that asked for no callback', async () => {
    const fixture = await networkHelpers.loadFixture(deployCallback)
    const { market } = fixture
    const { id, settlement, claim } = await deployAnswered(fixture)

    await viem.assertions.revertWithCustomErrorWithArgs(
      market.write.deliver([settlement, claim, output]),
      market,
      'NoCallback',
      [id],
    )
  })
})

test.each([
  { name: 'reverts', value: conduct.revert },
  { name: 'burns all its gas', value: conduct.burnAllGas },
  { name: 'reverts with a megabyte', value: conduct.revertWithMegabyte },
])('attack 1: a callback that $name blocks neither result nor payment', async ({ value }) => {
  const fixture = await networkHelpers.loadFixture(deployCallback)
  const { market, callback, answered } = fixture
  await callback.write.set([value])
  await reachFinality(fixture, answered)

  await expectAttempt(fixture, answered, false)

  await market.write.claim([answered.id, answered.settlement])
  expect(await market.read.isSettled([answered.id])).toBe(true)
  // And it can be tried again.
  await callback.write.set([conduct.accept])
  await expectAttempt(fixture, answered, true)
  expect(await callback.read.deliveries()).toBe(1n)
})

describe('attack 2: under-supplied gas', () => {
  /** Least gas limit of a transaction with which a delivery is attempted at all. */
  async function leastGas(fixture: Fixture) {
    const { market, outsider, publicClient, answered } = fixture
    const args = [answered.settlement, answered.claim, output] as const
    const data = encodeFunctionData({ abi: market.abi, functionName: 'deliver', args })
    const attempt = (gas: bigint) =>
      publicClient.call({ account: outsider, to: market.address, data, gas }).then(
        () => true,
        () => false,
      )
    let [low, high] = [BigInt(callbackGas), 2n * BigInt(callbackGas)]
    while (high - low > 1n) {
      const middle = (low + high) / 2n
      if (await attempt(middle)) high = middle
      else low = middle
    }
    return high
  }

  test.each([{ callee: 'cold' }, { callee: 'warm' }, { callee: 'delegating' }])(
    'is refused to the last unit for a $callee callee',
    async ({ callee }) => {
      const fixture = await networkHelpers.loadFixture(deployCallback)
      const { market, callback, publicClient, answered } = fixture
      if (callee === 'delegating') {
        const implementation = await viem.deployContract('HostileCallback')
        const code = `0xef0100${implementation.address.slice(2)}`
        await provider.request({ method: 'hardhat_setCode', params: [callback.address, code] })
      }
      const gas = await leastGas(fixture)
      const accessList =
        callee === 'warm' ? [{ address: callback.address, storageKeys: [] }] : undefined
      const extra = accessList === undefined ? 0n : 2_400n
      const args = [answered.settlement, answered.claim, output] as const
      const options = { account: fixture.outsider, ...(accessList ? { accessList } : {}) }

      const hash = await market.write.deliver(args, { ...options, gas: gas + extra })
      const receipt = await publicClient.getTransactionReceipt({ hash })
      const { gasUsed } = receipt
      const given = await callback.read.gasGiven()

      // What it had when it could first look: all that the job promised but for its own dispatch.
      expect(given).toBeGreaterThan(BigInt(callbackGas) - 1_000n)
      expect(given).toBeLessThanOrEqual(BigInt(callbackGas))
      expect(gasUsed).toBeLessThan(gas + extra)
      await viem.assertions.revertWithCustomErrorWithArgs(
        market.write.deliver(args, { ...options, gas: gas + extra - 1n }),
        market,
        'InsufficientCallbackGas',
        [(available: bigint) => available > 0n, (needed: bigint) => needed > BigInt(callbackGas)],
      )
    },
  )

  test('leaves enough to record that all of it was burned', async () => {
    const fixture = await networkHelpers.loadFixture(deployCallback)
    const { market, callback, answered } = fixture
    await callback.write.set([conduct.burnAllGas])
    const gas = await leastGas(fixture)

    await deliver(fixture, answered, gas)

    const [event] = await market.getEvents.CallbackAttempted()
    expect(event!.args.success).toBe(false)
  })
})

test('attack 3: a megabyte of return data costs the deliverer nothing', async () => {
  const fixture = await networkHelpers.loadFixture(deployCallback)
  const { market, callback, verifier, publicClient } = fixture
  // A megabyte of memory costs its callee 2.2 million gas.
  const big = { callback: callback.address, callbackGas: 3_000_000, verifier: verifier.address }
  const answered = await deployAnswered(fixture, big)
  await callback.write.set([conduct.returnMegabyte])

  const hash = await deliver(fixture, answered)

  const [event] = await market.getEvents.CallbackAttempted()
  expect(event!.args.success).toBe(true)
  const { gasUsed } = await publicClient.getTransactionReceipt({ hash })
  expect(gasUsed).toBeLessThan(2_300_000n)
})

test('attack 4: a callback gets what the job promised, and no more', async () => {
  const fixture = await networkHelpers.loadFixture(deployCallback)
  const { callback, answered, publicClient } = fixture
  await callback.write.set([conduct.burnAllGas])

  const hash = await deliver(fixture, answered, 10_000_000n)

  const { gasUsed } = await publicClient.getTransactionReceipt({ hash })
  expect(gasUsed).toBeLessThan(BigInt(callbackGas) + 60_000n)
})

describe('attack 23: a callback that re-enters', () => {
  test('may claim, once', async () => {
    const fixture = await networkHelpers.loadFixture(deployCallback)
    const { market, callback, model, operator, answered } = fixture
    const { id, settlement } = answered
    const functionName = 'claim'
    const data = encodeFunctionData({ abi: market.abi, functionName, args: [id, settlement] })
    await callback.write.setReentry([market.address, data])
    await reachFinality(fixture, answered)

    await deliver(fixture, answered)
    expect(await callback.read.isReentered()).toBe(true)
    await deliver(fixture, answered)
    expect(await callback.read.isReentered()).toBe(false)

    expect((await market.read.exposureOf([model, operator])).earned).toBe(settlement.fee)
  })

  test('may deliver again, and gets no more gas by it', async () => {
    const fixture = await networkHelpers.loadFixture(deployCallback)
    const { market, callback, answered } = fixture
    const args = [answered.settlement, answered.claim, output] as const
    const data = encodeFunctionData({ abi: market.abi, functionName: 'deliver', args })
    await callback.write.setReentry([market.address, data])

    await deliver(fixture, answered)

    // Within its own gas there is not enough left for another.
    expect(await callback.read.isReentered()).toBe(false)
    expect(await callback.read.deliveries()).toBe(1n)
  })

  test('may collect, to where the operator wants it', async () => {
    const fixture = await networkHelpers.loadFixture(deployCallback)
    const { market, token, callback, operator, model, answered } = fixture
    await reachFinality(fixture, answered)
    await market.write.claim([answered.id, answered.settlement])
    const before = await token.read.balanceOf([operator])
    const args = [operator, [model]] as const
    const data = encodeFunctionData({ abi: market.abi, functionName: 'collect', args })
    await callback.write.setReentry([market.address, data])

    await deliver(fixture, answered)

    expect(await token.read.balanceOf([operator])).toBe(before + answered.settlement.fee)
    expect(await token.read.balanceOf([callback.address])).toBe(0n)
  })
})

test('behavior: the largest output can be delivered', async () => {
  const fixture = await networkHelpers.loadFixture(deployCallback)
  const { market, callback, operator } = fixture
  const large: Hex = `0x${'c3'.repeat(24 * 1024)}`
  const job = await createJob(fixture, { callback: callback.address, callbackGas: 1_000_000 })
  await market.write.request([job, '0x'], { account: job.payer })
  await networkHelpers.mine()
  await reachSlot(fixture, job, operator)
  const answer = [job, operator, large, evidenceHash] as const
  const hash = await market.write.answer(answer, { account: operator })
  const requested = { job, id: zeroHash, requestedAt: 0n, requestedBlock: 0n }
  const id = await market.read.jobId([job])
  const { settlement, claim } = await readAnswer(fixture, { ...requested, id }, hash)

  await market.write.deliver([settlement, claim, large])

  expect(await callback.read.outputHash()).toBe(keccak256(large))
})
