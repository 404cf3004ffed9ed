import { allLeaves } from '@assay/protocol'
import { assayActions, isRevert, JobEndedError } from '@assay/sdk'
import {
  buildDemand,
  buildElementProof,
  commitTrace,
  findInconsistency,
  nodeTrees,
  type Program,
  supplyData,
  type Trace,
} from '@assay/tensor'
import { randomRun } from '@assay/tensor/examples'
import { answerJob, deploySuite, dollars, publishProgram, stakeOn } from '@assay/testing'
import { network } from 'hardhat'
import { bytesToHex } from 'viem'
import { expect, test } from 'vitest'

const { viem, networkHelpers } = await network.create()
const { program, input, trace } = randomRun(7)

/** The trace of an operator that made up the last byte of its output. */
function falsify(model: Program, honest: Trace): Trace {
  const last = honest.tensors.at(-1)!
  const row = last.at(-1)!
  const forged = [...last.slice(0, -1), row.with(-1, row.at(-1)! ^ 1)]
  return commitTrace(model, [...honest.tensors.slice(0, -1), forged])
}

const forged = falsify(program, trace)

async function fixture() {
  const suite = await deploySuite(viem)
  const published = await publishProgram(suite, program)
  const { version } = published
  const operators = ['operator', 'rival'] as const
  await stakeOn(suite, networkHelpers, { model: version, operators, amount: dollars(100) })
  const payer = suite.actors.payer.extend(assayActions(suite.deployment))
  const refuter = suite.actors.refuter.extend(assayActions(suite.deployment))
  await payer.deposit({ amount: dollars(50) })
  const { deployment } = suite
  await refuter.deposit({ amount: dollars(50), spender: deployment.tensorVerifier })
  return { suite, ...published, payer, refuter }
}

async function answer(committed: Trace) {
  const state = await networkHelpers.loadFixture(fixture)
  const { suite, version, payer } = state
  const { id, job } = await payer.requestJob({
    model: version,
    inputHash: trace.inputHash,
    input: bytesToHex(input),
    feeMax: dollars(3),
  })
  await answerJob(suite, networkHelpers, { job, operator: 'operator', trace: committed })
  const record = await payer.waitForAnswer({ id, timeoutMs: 5_000 })
  return { ...state, id, job, answer: record.answer }
}

test('default: one wrong element costs the operator its reservation', async () => {
  const { suite, version, id, answer: given, payer, refuter } = await answer(forged)
  const found = findInconsistency({ program, trace: forged, outputHash: given.claim.outputHash })
  if (found?.kind !== 'element') return expect.unreachable()

  const proof = buildElementProof({ program, trace: forged, ...found })
  await refuter.proveElement({ answer: given, proof })
  expect(await payer.getJobStatus({ id })).toBe('Refuted')
  expect(await payer.getEscrowBalance()).toBe(dollars(50))
  const { operator } = suite.actors
  const { active } = await payer.getAllocation({
    model: version,
    operator: operator.account.address,
  })
  expect(active).toBe(dollars(100) - given.reserved)
  await expect(payer.waitForFinality({ id, timeoutMs: 5_000 })).rejects.toThrow(JobEndedError)

  const before = await suite.token.read.balanceOf([refuter.account.address])
  await refuter.withdrawReward()
  const reward = (await suite.token.read.balanceOf([refuter.account.address])) - before
  expect(reward).toBe((given.reserved * suite.terms.rewardPpm) / 1_000_000n)
})

test('behavior: a small model is run whole on-chain', async () => {
  const { answer: given, id, payer, refuter, descriptors, weightContracts } = await answer(forged)
  const run = { descriptors, weights: weightContracts, input: bytesToHex(input) }
  const honest = await payer.evaluateProgram(run)
  expect(honest).not.toBe(given.output)
  const { isRefuted } = await refuter.executeProgram({ answer: given, ...run })
  expect(isRefuted).toBe(true)
  expect(await payer.getJobStatus({ id })).toBe('Refuted')
})

test('error: an honest answer cannot be refuted', async () => {
  const { answer: given, id, payer, refuter, descriptors, weightContracts } = await answer(trace)
  const last = program.operators.length - 1
  const proof = buildElementProof({ program, trace, tensor: last, row: 0, column: 0 })
  const error = await refuter.proveElement({ answer: given, proof }).catch((reason) => reason)
  expect(isRevert(error, 'ElementConsistent') && error.args.tensor).toBe(last)

  const run = { descriptors, weights: weightContracts, input: bytesToHex(input) }
  const { isRefuted } = await refuter.executeProgram({ answer: given, ...run })
  expect(isRefuted).toBe(false)
  expect(await payer.getJobStatus({ id })).toBe('Answered')
})

const wholeTrace = { tree: nodeTrees.trace, index: 0, leaf: allLeaves }

test('behavior: an operator that withholds its trace loses by silence', async () => {
  const { suite, answer: given, id, payer, refuter } = await answer(forged)
  const demand = buildDemand({ program, claim: given.claim, node: wholeTrace })
  const { demandId } = await refuter.demandNode({ answer: given, ...demand })
  expect((await payer.getDemand({ demandId })).status).toBe('Open')
  await networkHelpers.time.increase(suite.terms.minChallengeWindow)
  expect(await payer.getJobStatus({ id })).toBe('Challenged')
  const early = await refuter.timeoutDemand({ answer: given, ...demand }).catch((error) => error)
  expect(isRevert(early, 'SupplyWindowOpen')).toBe(true)

  await networkHelpers.time.increase(suite.terms.supplyWindow)
  await refuter.timeoutDemand({ answer: given, ...demand })
  expect((await payer.getDemand({ demandId })).status).toBe('TimedOut')
  expect(await payer.getJobStatus({ id })).toBe('Refuted')
  const spender = suite.deployment.tensorVerifier
  expect(await refuter.getEscrowBalance({ spender })).toBe(dollars(50))
})

test('behavior: an operator that supplies earns the bond and is paid', async () => {
  const { suite, answer: given, id, payer, refuter } = await answer(trace)
  const demand = buildDemand({ program, claim: given.claim, node: wholeTrace })
  const { demandId } = await refuter.demandNode({ answer: given, ...demand })
  const operator = suite.actors.operator.extend(assayActions(suite.deployment))
  const data = supplyData(program, trace, wholeTrace)
  await operator.supplyNode({ answer: given, ...demand, data })
  expect((await payer.getDemand({ demandId })).status).toBe('Supplied')
  const spender = suite.deployment.tensorVerifier
  expect(await operator.getEscrowBalance({ spender })).toBe(suite.terms.demandBond)

  await networkHelpers.time.increase(suite.terms.followUpWindow)
  await networkHelpers.time.increase(suite.terms.minChallengeWindow)
  await payer.waitForFinality({ id, timeoutMs: 5_000 })
  expect((await payer.claimMany({ ids: [id] })).settled).toEqual([id])
})

test('behavior: a bond comes back when the claim is refuted in another way', async () => {
  const { suite, answer: given, refuter } = await answer(forged)
  const demand = buildDemand({ program, claim: given.claim, node: wholeTrace })
  const { demandId } = await refuter.demandNode({ answer: given, ...demand })
  const found = findInconsistency({ program, trace: forged, outputHash: given.claim.outputHash })
  if (found?.kind !== 'element') return expect.unreachable()
  const proof = buildElementProof({ program, trace: forged, ...found })
  await refuter.proveElement({ answer: given, proof })

  await refuter.reclaimBond({ answer: given, ...demand })
  expect((await refuter.getDemand({ demandId })).status).toBe('Reclaimed')
  const spender = suite.deployment.tensorVerifier
  expect(await refuter.getEscrowBalance({ spender })).toBe(dollars(50))
})
