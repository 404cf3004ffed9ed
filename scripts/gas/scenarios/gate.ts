import { dollars } from '@assay/testing'
import { parseEventLogs, type TransactionReceipt, toFunctionSelector } from 'viem'

import { createJobs } from '../jobs.ts'
import { wordOf } from '../world.ts'
import type { Scene } from './scene.ts'

const ON_INFERENCE = toFunctionSelector(
  'onInference(bytes32,(bytes32,bytes32,address,bytes32,bytes32,bytes32),bytes,uint8)',
)

/** Measures the example dApp: a visitor draws a digit, the market reads it, the gate opens. */
export async function measureGate(scene: Scene) {
  const { chain, meter, world } = scene
  const { demo, escrow, market, outsider, payer, verifier, version } = world
  const jobs = createJobs(chain, world)
  const gate = await chain.viem.deployContract('DigitGate', [
    ...([market.address, version, verifier.address, demo.digit] as const),
  ])
  const funding = [gate.address, market.address, dollars(10)] as const
  await chain.receiptOf(escrow.write.deposit(funding, payer))

  let deliveredIn = wordOf('')
  await meter.steady(async (run, round) => {
    const drawing = [demo.trace.inputHash, demo.input, wordOf(`drawing ${round}`)] as const
    const job = jobIn(scene, await run('DigitGate.draw', gate.write.draw(drawing, outsider)))
    await jobs.waitForSlot(job)
    const answer = jobs.answer(job, demo.output, demo.trace.evidenceHash)
    const answered = jobs.answered(job, await chain.receiptOf(answer))
    const { claim, id, settlement } = answered
    const deliver = market.write.deliver([settlement, claim, demo.output], outsider)
    deliveredIn = (await chain.receiptOf(deliver)).transactionHash
    chain.warpTo(settlement.challengeUntil)
    await run('DigitGate.enter', gate.write.enter([id], outsider))
  })
  const call = { to: gate.address, selector: ON_INFERENCE }
  await meter.call('DigitGate.onInference', deliveredIn, call, 'inside JobMarket.deliver')
}

/** Returns the job that a transaction requested. */
function jobIn({ world }: Scene, { logs, transactionHash }: TransactionReceipt) {
  const [log] = parseEventLogs({ abi: world.market.abi, eventName: 'JobRequested', logs })
  if (log === undefined) throw new Error(`${transactionHash} requests no job`)
  return log.args.job
}
