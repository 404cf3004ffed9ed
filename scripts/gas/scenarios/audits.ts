import { dollars } from '@assay/testing'

import { createJobs } from '../jobs.ts'
import { wordOf } from '../world.ts'
import type { Scene } from './scene.ts'

const REWARD = dollars(1)
/** Every audit is drawn. */
const RATE_PPM = 1_000_000

/** Measures `Audits` with an audit that is confirmed and paid. */
export async function measureAudits(scene: Scene) {
  const { chain, meter, world } = scene
  const { audits, market, operator, outsider, payer, version } = world
  const jobs = createJobs(chain, world)
  await prepare(scene)

  await meter.steady(async (run) => {
    const job = await jobs.draft()
    const jobId = jobs.idOf(job)
    await chain.receiptOf(jobs.request(job))
    await run('Audits.order', audits.write.order([jobId, version, RATE_PPM, REWARD], payer))
    await jobs.waitForSlot(job)
    const sent = jobs.answer(job, '0x07', wordOf('evidence'))
    const { context } = jobs.answered(job, await chain.receiptOf(sent))

    const order = {
      ...{ jobId, model: version, orderer: payer.account, ratePpm: RATE_PPM, reward: REWARD },
    }
    await run('Audits.open', audits.write.open([order, context], operator))
    await chain.mine(2)
    chain.warpTo(await audits.read.slotOf([order, outsider.account]))
    const confirm = audits.write.confirm([order, outsider.account, context], outsider)
    await run('Audits.confirm', confirm)
    chain.warpTo(await market.read.finalAt([jobId]))
    await run('Audits.settle', audits.write.settle([order], operator))
  })
}

/** Gives the payer a balance for audits, and an auditor stake. */
async function prepare({ chain, world }: Scene) {
  const { audits, escrow, outsider, payer, staking, version } = world
  const { receiptOf } = chain
  await receiptOf(escrow.write.deposit([payer.account, audits.address, dollars(100)], payer))
  await receiptOf(staking.write.deposit([outsider.account, dollars(1_000)], outsider))
  const allocation = [audits.address, version, dollars(1_000)] as const
  await receiptOf(staking.write.allocate(allocation, outsider))
  chain.warpTo(chain.now() + (await staking.read.ACTIVATION_DELAY()))
  const activation = [audits.address, version, outsider.account] as const
  await receiptOf(staking.write.activate(activation, outsider))
}
