import { requestJob } from '@assay/sdk'
import { randomRun } from '@assay/tensor/examples'
import { deploySuite, dollars, publishProgram, type Suite, stakeOn } from '@assay/testing'
import fc from 'fast-check'
import { network } from 'hardhat'
import { type Address, bytesToHex, getAddress, type Hash, type Hex } from 'viem'
import { describe, expect, test } from 'vitest'

import type { Claim } from '../claim/claim.ts'
import { claimIdOf } from '../claim/claimIdOf.ts'
import { commitmentOf } from '../job/commitmentOf.ts'
import { feeAt } from '../job/feeAt.ts'
import type { Job } from '../job/job.ts'
import { jobIdOf } from '../job/jobIdOf.ts'
import { modelIdOf } from '../model/modelIdOf.ts'
import { versionIdOf } from '../model/versionIdOf.ts'
import { slotNever, slotOf } from '../sortition/slotOf.ts'
import { demandIdOf } from '../verifier/demandIdOf.ts'

const { viem, networkHelpers } = await network.create()
const { program, trace } = randomRun(3)

async function fixture() {
  const suite = await deploySuite(viem)
  const { version } = await publishProgram(suite, program)
  return { suite, version }
}

const runs = { numRuns: 40 }
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const hash = bytes(32).map((value): Hash => bytesToHex(value))
const address = bytes(20).map((value): Address => getAddress(bytesToHex(value)))
const data = fc.uint8Array({ maxLength: 100 }).map((value): Hex => bytesToHex(value))
const uint = (bits: bigint) => fc.bigInt({ min: 0n, max: 2n ** bits - 1n })
const uint32 = fc.nat({ max: 2 ** 32 - 1 })

const anyClaim: fc.Arbitrary<Claim> = fc.record({
  requestId: hash,
  model: hash,
  operator: address,
  inputHash: hash,
  outputHash: hash,
  evidenceHash: hash,
})

const anyJob: fc.Arbitrary<Job> = fc.record({
  payer: address,
  model: hash,
  inputHash: hash,
  verifier: address,
  feeMin: uint(128n),
  feeMax: uint(128n),
  ramp: uint32,
  tau: uint32,
  deadline: uint(64n),
  challengeWindow: uint32,
  parametersId: uint32,
  callbackGas: uint32,
  callback: address,
  salt: hash,
})

describe('behavior: ids are those of the contracts', async () => {
  const { suite } = await networkHelpers.loadFixture(fixture)
  const { chainId } = suite.deployment
  const market = suite.market.address
  const registry = suite.registry.address

  /** Compares both sides on random values. */
  const compare = <value>(
    values: fc.Arbitrary<value>,
    ours: (value: value) => Hash,
    theirs: (value: value) => Promise<Hash>,
  ) => {
    const property = fc.asyncProperty(values, async (value) => {
      expect(ours(value)).toBe(await theirs(value))
    })
    return fc.assert(property, runs)
  }

  test('jobIdOf', () =>
    compare(
      anyJob,
      (job) => jobIdOf({ chainId, market, job }),
      (job) => suite.market.read.jobId([job]),
    ))

  test('claimIdOf', () =>
    compare(
      anyClaim,
      (claim) => claimIdOf({ chainId, market, claim }),
      (claim) => suite.market.read.claimId([claim]),
    ))

  test('commitmentOf', () =>
    compare(
      fc.record({ id: hash, operator: address, outputHash: hash, evidenceHash: hash, salt: hash }),
      (answer) => commitmentOf({ chainId, market, ...answer }),
      ({ id, operator, outputHash, evidenceHash, salt }) =>
        suite.market.read.commitmentOf([id, operator, outputHash, evidenceHash, salt]),
    ))

  test('modelIdOf', () =>
    compare(
      fc.record({ publisher: address, salt: hash }),
      (model) => modelIdOf({ chainId, registry, ...model }),
      ({ publisher, salt }) => suite.registry.read.modelId([publisher, salt]),
    ))

  test('versionIdOf', () =>
    compare(
      fc.record({
        model: hash,
        manifestHash: hash,
        methods: fc.array(fc.record({ verifier: address, root: hash, data }), { maxLength: 3 }),
      }),
      versionIdOf,
      ({ model, manifestHash, methods }) =>
        suite.registry.read.versionId([model, manifestHash, methods]),
    ))

  test('demandIdOf', () =>
    compare(
      fc.record({
        source: address,
        claimId: hash,
        node: fc.record({ tree: fc.nat({ max: 2 }), index: uint32, leaf: uint32 }),
        hash,
      }),
      demandIdOf,
      (demand) =>
        suite.tensorVerifier.read.demandId([
          demand.source,
          demand.claimId,
          demand.node,
          demand.hash,
        ]),
    ))
})

async function request(suite: Suite, model: Hash, terms: Pick<Job, 'feeMin' | 'feeMax' | 'ramp'>) {
  const { deployment, actors, publicClient } = suite
  const inputHash = trace.inputHash
  const { job, hash: transaction } = await requestJob(actors.payer, {
    deployment,
    model,
    inputHash,
    ...terms,
    tau: 1 + (terms.ramp % 10),
  })
  const receipt = await publicClient.getTransactionReceipt({ hash: transaction! })
  const { timestamp: requestedAt } = await publicClient.getBlock({ blockHash: receipt.blockHash })
  return { job, requestedAt, requestedBlock: receipt.blockNumber }
}

const terms = fc
  .record({ low: fc.nat({ max: 500 }), rise: fc.nat({ max: 500 }), ramp: fc.nat({ max: 100 }) })
  .map(({ low, rise, ramp }) => ({
    feeMin: BigInt(low),
    feeMax: BigInt(1 + low + rise),
    ramp,
  }))

test('behavior: feeAt is that of the market', async () => {
  const { suite, version } = await networkHelpers.loadFixture(fixture)
  const { deployment, actors } = suite
  const property = fc.asyncProperty(terms, fc.nat({ max: 120 }), async (given, seconds) => {
    const { job, requestedAt } = await request(suite, version, given)
    const timestamp = requestedAt + BigInt(seconds)
    const fee = feeAt({ job, requestedAt, timestamp })
    expect(fee).toBe(await suite.market.read.feeAt([job, timestamp]))
  })
  const account = actors.payer.account
  await suite.escrow.write.deposit([account.address, deployment.market, dollars(100)], { account })
  await fc.assert(property, runs)
})

test('behavior: slotOf is that of the market', async () => {
  const { suite, version } = await networkHelpers.loadFixture(fixture)
  const { deployment, actors, staking, publicClient } = suite
  const amounts = { operator: dollars(1), rival: dollars(70), refuter: dollars(2500) }
  for (const [name, amount] of Object.entries(amounts)) {
    const operators = [name as keyof typeof amounts]
    await stakeOn(suite, networkHelpers, { model: version, operators, amount })
  }
  const account = actors.payer.account
  await suite.escrow.write.deposit([account.address, deployment.market, dollars(100)], { account })
  const totalWeight = await staking.read.totalActive([deployment.market, version])

  const property = fc.asyncProperty(terms, async (given) => {
    const { job, requestedAt, requestedBlock } = await request(suite, version, given)
    await networkHelpers.mine(2)
    const { hash: seed } = await publicClient.getBlock({ blockNumber: requestedBlock + 1n })
    for (const name of ['operator', 'rival', 'refuter', 'outsider'] as const) {
      const operator = actors[name].account.address
      const weight = name === 'outsider' ? 0n : amounts[name]
      const slot = slotOf({ seed, operator, weight, totalWeight, tau: job.tau, requestedAt })
      expect(slot).toBe(await suite.market.read.slotOf([job, operator]))
      if (name === 'outsider') expect(slot).toBe(slotNever)
    }
  })
  await fc.assert(property, runs)
})
