import { allLeaves, commitmentOf, encodeContext, type Job, type Node } from '@assay/protocol'
import { getJob } from '@assay/sdk'
import {
  buildDemand,
  buildElementProof,
  commitTrace,
  executeTrace,
  findInconsistency,
  nodeTrees,
  outputOf,
  supplyData,
  type Trace,
} from '@assay/tensor'
import { dollars } from '@assay/testing'
import { type Address, bytesToHex, type Hash, keccak256, toHex, zeroAddress } from 'viem'

import { challengeWindow, networkHelpers, type World } from './deployWorld.ts'

let salts = 0

export type Requested = { job: Job; id: Hash }
export type Answered = Requested & { operator: Address; trace: Trace }

/** Makes the next block the one of the next second, however long the test has been waiting for the indexer. */
async function hurry() {
  await networkHelpers.time.setNextBlockTimestamp((await networkHelpers.time.latest()) + 1)
}

/** Requests a job and mines the block that seeds its sortition. */
export async function request(world: World, overrides: Partial<Job> = {}): Promise<Requested> {
  const { market, payer, version, tensorVerifier, inputHash, known } = world
  const job: Job = {
    payer,
    model: version,
    inputHash,
    verifier: tensorVerifier.address,
    feeMin: dollars(2),
    feeMax: dollars(4),
    ramp: 20,
    tau: 1,
    deadline: BigInt(await networkHelpers.time.latest()) + 50n,
    challengeWindow: overrides.verifier === zeroAddress ? 0 : challengeWindow,
    parametersId: await market.read.currentParametersId(),
    callbackGas: 0,
    callback: zeroAddress,
    salt: keccak256(toHex(salts++)),
    ...overrides,
  }
  await hurry()
  await market.write.request([job, bytesToHex(world.input)], { account: job.payer })
  await networkHelpers.mine()
  const id = await market.read.jobId([job])
  known.jobs.add(id)
  return { job, id }
}

/** Lets the clock run until `operator` may answer or commit in the next block. */
async function reachSlot({ market }: World, job: Job, operator: Address) {
  const opensAt = await market.read.slotOf([job, operator], { blockTag: 'pending' })
  const now = BigInt(await networkHelpers.time.latest())
  await networkHelpers.time.setNextBlockTimestamp(opensAt > now ? opensAt : now + 1n)
}

/** Computes the job, with one wrong byte in the first tensor if `corrupt`. */
function compute({ program, input }: World, corrupt: boolean): Trace {
  const honest = executeTrace(program, input)
  if (!corrupt) return honest
  const tensors = honest.tensors.map((rows) => rows.map((row) => row.slice()))
  tensors[1]![0]![0]! ^= 1
  return commitTrace(program, tensors)
}

export async function answer(
  world: World,
  { job, id }: Requested,
  { operator = world.operator, corrupt = false } = {},
): Promise<Answered> {
  const trace = compute(world, corrupt)
  await reachSlot(world, job, operator)
  const output = bytesToHex(outputOf(trace))
  await world.market.write.answer([job, operator, output, trace.evidenceHash], {
    account: operator,
  })
  return { job, id, operator, trace }
}

const salt = keccak256(toHex('seal'))

export async function commit(world: World, { job, id }: Requested, operator: Address) {
  const { market, deployment } = world
  const trace = compute(world, false)
  const output = bytesToHex(outputOf(trace))
  const sealed = { id, operator, outputHash: trace.outputHash, evidenceHash: trace.evidenceHash }
  const commitment = commitmentOf({ ...deployment, ...sealed, salt })
  await reachSlot(world, job, operator)
  await market.write.commit([job, operator, commitment], { account: operator })
  return {
    async reveal() {
      await hurry()
      const args = [job, operator, output, trace.evidenceHash, salt] as const
      await market.write.reveal(args, { account: operator })
    },
    async forfeit() {
      await networkHelpers.time.increase(10)
      await market.write.forfeit([job, operator, commitment], { account: world.refuter })
    },
  }
}

export async function expire({ market }: World, { job }: Requested) {
  await networkHelpers.time.increaseTo(job.deadline)
  await market.write.expire([job])
}

/** The newest answer of a job as the events tell it, and how verifiers name it. */
export async function readAnswer(world: World, { id }: Requested) {
  const { answer: found } = await getJob(world.publicClient, { deployment: world.deployment, id })
  return found!
}

async function contextOf(world: World, of: Requested) {
  const found = await readAnswer(world, of)
  return [world.market.address, encodeContext(found)] as const
}

/** Settles all of `answered` once the last is final. */
export async function settle(world: World, answered: Requested[]) {
  const times = await Promise.all(answered.map(({ id }) => world.market.read.finalAt([id])))
  const last = times.reduce((a, b) => (a > b ? a : b))
  if (BigInt(await networkHelpers.time.latest()) < last) await networkHelpers.time.increaseTo(last)
  const answers = await Promise.all(answered.map((job) => readAnswer(world, job)))
  const settlements = answers.map(({ settlement }) => settlement)
  await world.market.write.claimMany([answered.map(({ id }) => id), settlements])
}

export async function refute(world: World, answered: Answered) {
  const { program } = world
  const { trace } = answered
  const found = findInconsistency({ program, trace, outputHash: trace.outputHash })
  if (found?.kind !== 'element') throw new TypeError('The answer has no wrong element.')
  const proof = buildElementProof({ program, trace, ...found })
  const context = await contextOf(world, answered)
  await hurry()
  await world.tensorVerifier.write.prove([...context, proof], { account: world.refuter })
}

export const wholeTrace: Node = { tree: nodeTrees.trace, index: 0, leaf: allLeaves }
export const wholeInput: Node = { tree: nodeTrees.tensor, index: 0, leaf: allLeaves }

/** Demands a node of an answer; the refuter bonds. */
export async function demand(world: World, answered: Answered, node: Node) {
  const { program, tensorVerifier: verifier, known, refuter: account } = world
  const { trace } = answered
  const context = await contextOf(world, answered)
  const { hash, proof } = buildDemand({ program, claim: trace, node })
  const args = [...context, node, hash] as const
  const { claimId } = await readAnswer(world, answered)
  await hurry()
  await verifier.write.demand([...args, proof], { account })
  known.demands.add(await verifier.read.demandId([world.market.address, claimId, node, hash]))
  return {
    async supply() {
      const data = supplyData(program, trace, node)
      await hurry()
      await verifier.write.supply([...args, data], { account: answered.operator })
    },
    async timeout() {
      await networkHelpers.time.increase(60)
      await verifier.write.timeout(args)
    },
    reclaim: () => verifier.write.reclaim(args),
  }
}
