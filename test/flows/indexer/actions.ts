import { allLeaves, commitmentOf, encodeContext, type Job, type Node } from '@assay/protocol'
import { getJob } from '@assay/sdk'
import {
  buildDemand,
  buildElementProof,
  buildOutputProof,
  buildRowProof,
  commitTrace,
  executeTrace,
  findInconsistency,
  nodeTrees,
  outputOf,
  supplyData,
  type Trace,
} from '@assay/tensor'
import { dollars } from '@assay/testing'
import { type Address, bytesToHex, type Hash, type Hex, keccak256, toHex, zeroAddress } from 'viem'

import { challengeWindow, networkHelpers, type World } from './deployWorld.ts'

let salts = 0

export type Requested = { job: Job; id: Hash }
export type Answered = Requested & { operator: Address; trace: Trace; output: Hex }

/** Makes the next block the one of the next second, however long the test has been waiting for the indexer. */
export async function hurry() {
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

/** What is wrong with an answer: one byte of the trace, the length of a row, or only the output; `true`: a byte. */
export type Corruption = boolean | 'row' | 'output'

/** Computes the job, as wrongly as asked, and returns what to commit to and what to hand in. */
function compute({ program, input }: World, corrupt: Corruption) {
  const honest = executeTrace(program, input)
  const tensors = honest.tensors.map((rows) => rows.map((row) => row.slice()))
  if (corrupt === true) tensors[1]![0]![0]! ^= 1
  if (corrupt === 'row') tensors[1]![0] = tensors[1]![0]!.slice(1)
  const trace = commitTrace(program, tensors)
  const output = outputOf(trace).slice()
  if (corrupt === 'output') output[0]! ^= 1
  return { trace, output: bytesToHex(output) }
}

export async function answer(
  world: World,
  { job, id }: Requested,
  { operator = world.operator, corrupt = false as Corruption } = {},
): Promise<Answered> {
  const { trace, output } = compute(world, corrupt)
  await reachSlot(world, job, operator)
  const args = [job, operator, output, trace.evidenceHash] as const
  await world.market.write.answer(args, { account: operator })
  return { job, id, operator, trace, output }
}

const salt = keccak256(toHex('seal'))

export async function commit(world: World, { job, id }: Requested, operator: Address) {
  const { market, deployment } = world
  const { trace, output } = compute(world, false)
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

/** The first two arguments of everything that is said of an answer: the market and the answer's context. */
export async function contextOf(world: World, of: Requested) {
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

/** Proves an answer wrong by the first inconsistency of its trace. */
export async function refute(world: World, answered: Answered) {
  const { program, tensorVerifier: verifier, refuter: account } = world
  const { trace, output } = answered
  const found = findInconsistency({ program, trace, outputHash: keccak256(output) })
  const context = await contextOf(world, answered)
  await hurry()
  if (found?.kind === 'element') {
    const proof = buildElementProof({ program, trace, ...found })
    await verifier.write.prove([...context, proof], { account })
  } else if (found?.kind === 'row') {
    const { operator, tensor, row } = buildRowProof({ program, trace, ...found })
    await verifier.write.proveRow([...context, operator, tensor, row], { account })
  } else {
    const { last, tensor, output: traced } = buildOutputProof(program, trace)
    await verifier.write.proveOutput([...context, last, tensor, traced], { account })
  }
}

/** Proves an answer wrong by running the whole program. */
export async function refuteByExecution(world: World, answered: Answered) {
  const { tensorVerifier, descriptors, weightContracts, input, refuter: account } = world
  const context = await contextOf(world, answered)
  await hurry()
  const args = [...context, descriptors, weightContracts, bytesToHex(input)] as const
  await tensorVerifier.write.execute(args, { account })
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
