import { type Claim, claimOf, encodeContext, type Job, settlementOf } from '@assay/protocol'
import {
  type Address,
  type Hash,
  type Hex,
  keccak256,
  parseEventLogs,
  toHex,
  zeroAddress,
} from 'viem'

import { deployCore, dollars, networkHelpers, viem } from '../fixtures.ts'

export const maxAnswerWindow = 60
export const minChallengeWindow = 10
export const maxChallengeWindow = 600

export const parameters = {
  protocolFeePpm: 20_000,
  stakeRatioPpm: 2_000_000,
  commitBondPpm: 100_000,
  seatSeconds: 5,
  stakeFloor: dollars(1),
}

export const stake = dollars(1000)
/** Ten class scores. */
export const output: Hex = '0x80117f00ff0042a90001'
export const evidenceHash = keccak256(toHex('trace'))
export const commitSalt = keccak256(toHex('commit salt'))

/** What a market on the core contracts is constructed with. */
export function marketArguments(core: Awaited<ReturnType<typeof deployCore>>) {
  const { escrow, staking, registry, manager } = core
  return [
    escrow.address,
    staking.address,
    registry.address,
    manager.address,
    maxAnswerWindow,
    minChallengeWindow,
    maxChallengeWindow,
    parameters,
  ] as const
}

/** Core contracts and a market in which operator and rival each have `stake` active on one model. */
export async function deployMarket() {
  const core = await deployCore()
  const { admin, publisher, operator, rival, payer, registry, escrow, staking } = core

  const verifier = await viem.deployContract('TestVerifier')
  await registry.write.approveVerifier([verifier.address], { account: admin })
  const salt = keccak256(toHex('digits'))
  await registry.write.create([salt, 'digits'], { account: publisher })
  const modelId = await registry.read.modelId([publisher, salt])
  const manifestHash = keccak256(toHex('manifest'))
  const methods = [
    { verifier: verifier.address, root: keccak256(toHex('root')), data: '0x' as Hex },
  ]
  await registry.write.publish([modelId, manifestHash, '', methods], { account: publisher })
  const model = await registry.read.versionId([modelId, manifestHash, methods])

  const market = await viem.deployContract('JobMarket', marketArguments(core))
  for (const account of [operator, rival]) {
    await staking.write.deposit([account, stake], { account })
    await staking.write.allocate([market.address, model, stake], { account })
  }
  await networkHelpers.time.increase(await staking.read.ACTIVATION_DELAY())
  for (const account of [operator, rival]) {
    await staking.write.activate([market.address, model, account])
  }
  await escrow.write.deposit([payer, market.address, dollars(5000)], { account: payer })
  return { ...core, verifier, model, market }
}

export type MarketFixture = Awaited<ReturnType<typeof deployMarket>>

let salts = 0n

/** A job of `payer` that the market accepts in the next blocks, different from every other. */
export async function createJob(
  fixture: MarketFixture,
  overrides: Partial<Job> = {},
): Promise<Job> {
  const { market, payer, model, verifier } = fixture
  const challengeable = (overrides.verifier ?? verifier.address) !== zeroAddress
  return {
    payer,
    model,
    inputHash: keccak256(toHex('input')),
    verifier: verifier.address,
    feeMin: dollars(2),
    feeMax: dollars(4),
    ramp: 20,
    tau: 1,
    deadline: BigInt(await networkHelpers.time.latest()) + 50n,
    challengeWindow: challengeable ? 30 : 0,
    parametersId: await market.read.currentParametersId(),
    callbackGas: 0,
    callback: zeroAddress,
    salt: keccak256(toHex(salts++)),
    ...overrides,
  }
}

export type RequestedJob = { job: Job; id: Hash; requestedAt: bigint; requestedBlock: bigint }

/** Requests a job and mines the block that seeds its sortition. */
export async function requestJob(
  fixture: MarketFixture,
  overrides: Partial<Job> = {},
): Promise<RequestedJob> {
  const { market, publicClient } = fixture
  const job = await createJob(fixture, overrides)
  const hash = await market.write.request([job, '0x'], { account: job.payer })
  const { blockNumber } = await publicClient.getTransactionReceipt({ hash })
  const { timestamp } = await publicClient.getBlock({ blockNumber })
  await networkHelpers.mine()
  return {
    job,
    id: await market.read.jobId([job]),
    requestedAt: timestamp,
    requestedBlock: blockNumber,
  }
}

/** Lets the clock run until `operator` may answer in the next block. */
export async function reachSlot(fixture: MarketFixture, job: Job, operator: Address) {
  const opensAt = await fixture.market.read.slotOf([job, operator], { blockTag: 'pending' })
  const now = BigInt(await networkHelpers.time.latest())
  await networkHelpers.time.setNextBlockTimestamp(opensAt > now ? opensAt : now + 1n)
}

export type AnsweredJob = RequestedJob & {
  operator: Address
  claim: Claim
  settlement: ReturnType<typeof settlementOf>
  context: Hex
  /** Transaction that answered. */
  hash: Hash
}

/** What the events of an answer say about it. */
export async function readAnswer(
  { market, publicClient }: MarketFixture,
  requested: RequestedJob,
  hash: Hash,
): Promise<AnsweredJob> {
  const { logs } = await publicClient.getTransactionReceipt({ hash })
  const [log] = parseEventLogs({ abi: market.abi, eventName: 'JobAnswered', logs })
  const { job } = requested
  const claim = claimOf({ job, answered: log!.args })
  const settlement = settlementOf({ job, answered: log!.args })
  const context = encodeContext({ settlement, claim })
  return { ...requested, operator: log!.args.operator, claim, settlement, context, hash }
}

/** Answers a requested job in the operator's slot. */
export async function answerJob(
  fixture: MarketFixture,
  requested: RequestedJob,
  operator: Address = fixture.operator,
): Promise<AnsweredJob> {
  await reachSlot(fixture, requested.job, operator)
  const args = [requested.job, operator, output, evidenceHash] as const
  const hash = await fixture.market.write.answer(args, { account: operator })
  return readAnswer(fixture, requested, hash)
}

export type SealedJob = RequestedJob & { operator: Address; commitment: Hash; seatUntil: bigint }

/** Takes the seat of a requested job in the operator's slot, with the answer that `answerJob` gives. */
export async function sealJob(
  fixture: MarketFixture,
  requested: RequestedJob,
  operator: Address = fixture.operator,
): Promise<SealedJob> {
  const { market } = fixture
  const { job, id } = requested
  const sealed = [keccak256(output), evidenceHash, commitSalt] as const
  const commitment = await market.read.commitmentOf([id, operator, ...sealed])
  await reachSlot(fixture, job, operator)
  await market.write.commit([job, operator, commitment], { account: operator })
  const until = BigInt(await networkHelpers.time.latest()) + BigInt(parameters.seatSeconds)
  const seatUntil = until < job.deadline ? until : job.deadline
  return { ...requested, operator, commitment, seatUntil }
}

/** Requests and answers a job. */
export async function deployAnswered(fixture: MarketFixture, overrides: Partial<Job> = {}) {
  return answerJob(fixture, await requestJob(fixture, overrides))
}

/** Lets the clock run until the next block is the first in which the answer is final. */
export async function reachFinality({ market }: MarketFixture, { id }: { id: Hash }) {
  await networkHelpers.time.setNextBlockTimestamp(await market.read.finalAt([id]))
}
