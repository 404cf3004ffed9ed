import { commitmentOf, type Job, jobTypedData } from '@assay/protocol'
import { dollars } from '@assay/testing'
import { type Hex, keccak256 } from 'viem'

import { type Answered, createJobs, type Jobs } from '../jobs.ts'
import type { Meter, Run } from '../meter.ts'
import { wordOf } from '../world.ts'
import type { Scene } from './scene.ts'

/** Ten scores, as the demo model gives them. */
const OUTPUT: Hex = '0x8081828384ff8687888a'
const EVIDENCE = wordOf('evidence')
const BATCH = 50

type Stage = Scene & { jobs: Jobs }

/** Measures `JobMarket` but for governance, callbacks and challenges. */
export async function measureMarket(scene: Scene) {
  const stage = { ...scene, jobs: createJobs(scene.chain, scene.world) }
  await measureLife(stage)
  await measureSignedRequest(stage)
  await measureSealedAnswer(stage)
  await measureSilence(stage)
  await measureBatches(stage)
  await measureCollect(stage)
  await measureDelivery(stage)
}

async function measureLife(stage: Stage) {
  const { jobs, meter, world } = stage
  await meter.steady((run) => playLife(stage, run, {}))
  // Nothing returns to the payer at the end, so its balance is not touched again.
  const fixed = { feeMin: dollars(2), feeMax: dollars(2) }
  await meter.steady(async (run) => {
    const runClaim: Run = (operation, sent) =>
      operation === 'JobMarket.claim'
        ? run('JobMarket.claimFixedFee', sent)
        : stage.chain.receiptOf(sent)
    await playLife(stage, runClaim, fixed)
  })
  deriveLife(meter, '')
  deriveLife(meter, 'FixedFee')

  await meter.steady(async (run) => {
    const requested = jobs.request(await jobs.draft(), world.demo.input)
    await run('JobMarket.requestInput784', requested)
  })
}

/** Requests, answers and claims a job whose input is known to operators. */
async function playLife({ chain, jobs, world }: Stage, run: Run, terms: Partial<Job>) {
  const job = await jobs.draft(terms)
  await run('JobMarket.request', jobs.request(job))
  await jobs.waitForSlot(job)
  const answered = await run('JobMarket.answer', jobs.answer(job, OUTPUT, EVIDENCE))
  const { id, settlement } = jobs.answered(job, answered)
  chain.warpTo(settlement.challengeUntil)
  await run('JobMarket.claim', world.market.write.claim([id, settlement], world.outsider))
}

function deriveLife(meter: Meter, kind: string) {
  const calls = ['JobMarket.request', 'JobMarket.answer', `JobMarket.claim${kind}`]
  const gas = calls.reduce((sum, call) => sum + meter.figure(call).gas, 0)
  meter.derived(`JobMarket.life${kind}`, gas, calls.join(' + '))
}

async function measureSignedRequest({ chain, jobs, meter, world }: Stage) {
  const { market, outsider, payer } = world
  await meter.steady(async (run) => {
    const job = await jobs.draft()
    const typedData = jobTypedData({ chainId: world.chainId, market: market.address, job })
    const signature = await chain.walletOf(payer.account).signTypedData(typedData)
    const requested = market.write.requestFor([job, '0x', signature], outsider)
    await run('JobMarket.requestFor', requested)
  })
}

/** Returns the arguments with which the operator seals its answer to a job. */
function sealOf({ jobs, world }: Stage, job: Job) {
  const salt = wordOf('salt')
  const commitment = commitmentOf({
    ...{ chainId: world.chainId, market: world.market.address },
    ...{ id: jobs.idOf(job), operator: world.operator.account },
    ...{ outputHash: keccak256(OUTPUT), evidenceHash: EVIDENCE, salt },
  })
  return { salt, commit: [job, world.operator.account, commitment] as const }
}

async function measureSealedAnswer(stage: Stage) {
  const { chain, jobs, meter, world } = stage
  const { market, operator } = world
  await meter.steady(async (run) => {
    const job = await jobs.draft()
    await chain.receiptOf(jobs.request(job))
    await jobs.waitForSlot(job)
    const { commit, salt } = sealOf(stage, job)
    await run('JobMarket.commit', market.write.commit(commit, operator))
    const opened = [job, operator.account, OUTPUT, EVIDENCE, salt] as const
    await run('JobMarket.reveal', market.write.reveal(opened, operator))
  })
}

/** Measures what ends a job that nobody answers, and a seat that nobody opens. */
async function measureSilence(stage: Stage) {
  const { chain, jobs, meter, world } = stage
  const { market, operator, outsider } = world
  await meter.steady(async (run) => {
    const job = await jobs.draft()
    await chain.receiptOf(jobs.request(job))
    await jobs.waitForSlot(job)
    const { commit } = sealOf(stage, job)
    await chain.receiptOf(market.write.commit(commit, operator))
    const { seatSeconds } = await market.read.parametersOf([job.parametersId])
    chain.warpTo(chain.now() + BigInt(seatSeconds))
    await run('JobMarket.forfeit', market.write.forfeit(commit, outsider))

    chain.warpTo(job.deadline)
    await run('JobMarket.expire', market.write.expire([job], outsider))
  })
}

/** Returns `BATCH` answered jobs that are final; `payers` take turns. */
async function finalJobs({ chain, jobs }: Stage, payers: Job['payer'][]): Promise<Answered[]> {
  const answers: Answered[] = []
  for (let index = 0; index < BATCH; index++) {
    const job = await jobs.draft({ payer: payers[index % payers.length]! })
    await chain.receiptOf(jobs.request(job))
    await jobs.waitForSlot(job)
    const receipt = await chain.receiptOf(jobs.answer(job, OUTPUT, EVIDENCE))
    answers.push(jobs.answered(job, receipt))
  }
  chain.warpTo(answers.at(-1)!.settlement.challengeUntil)
  return answers
}

async function measureBatches(stage: Stage) {
  const { meter, world } = stage
  const { market, outsider, payer, refuter } = world
  const claimMany = (answers: Answered[]) => {
    const ids = answers.map(({ id }) => id)
    return market.write.claimMany([ids, answers.map(({ settlement }) => settlement)], outsider)
  }

  const own = await finalJobs(stage, [payer.account])
  const { gasUsed } = await meter.transaction('JobMarket.claimMany', claimMany(own))
  meter.derived('JobMarket.claimEachOf50', Number(gasUsed) / BATCH, 'one of 50, one payer')

  const mixed = await finalJobs(stage, [payer.account, refuter.account])
  const alternating = await meter.transaction('JobMarket.claimManyMixed', claimMany(mixed))
  const gas = Number(alternating.gasUsed) / BATCH
  meter.derived('JobMarket.claimEachOf50Mixed', gas, 'one of 50, two payers taking turns')
}

async function measureCollect({ chain, jobs, meter, world }: Stage) {
  const { market, operator, outsider, version } = world
  await meter.steady(async (run) => {
    const job = await jobs.draft()
    await chain.receiptOf(jobs.request(job))
    await jobs.waitForSlot(job)
    const receipt = await chain.receiptOf(jobs.answer(job, OUTPUT, EVIDENCE))
    const { id, settlement } = jobs.answered(job, receipt)
    chain.warpTo(settlement.challengeUntil)
    await chain.receiptOf(market.write.claim([id, settlement], outsider))
    const collect = market.write.collect([operator.account, [version]], outsider)
    await run('JobMarket.collect', collect)
  })
}

async function measureDelivery({ chain, jobs, meter, world }: Stage) {
  const { market, outsider } = world
  const consumer = await chain.viem.deployContract('MinimalConsumer')
  await meter.steady(async (run, round) => {
    const job = await jobs.draft({ callback: consumer.address, callbackGas: 100_000 })
    await chain.receiptOf(jobs.request(job))
    await jobs.waitForSlot(job)
    const output: Hex = `${OUTPUT}${round.toString().padStart(2, '0')}`
    const receipt = await chain.receiptOf(jobs.answer(job, output, EVIDENCE))
    const { claim, settlement } = jobs.answered(job, receipt)
    const deliver = market.write.deliver([settlement, claim, output], outsider)
    await run('JobMarket.deliver', deliver)
    const delivered = await consumer.read.outputHash()
    if (delivered !== claim.outputHash) throw new Error('The callback was not run')
  })
}
