import { methodOf, type Program, type Trace } from '@assay/tensor'
import { dollars } from '@assay/testing'
import { bytesToHex, type Hex } from 'viem'

import { createJobs } from './jobs.ts'
import type { Scene } from './scenarios/scene.ts'
import { wordOf } from './world.ts'

/** Publishes a program, with the operator's stake on it. */
export async function publishProgram({ chain, world }: Scene, name: string, program: Program) {
  const { market, operator, outsider, publisher, registry, staking, verifier } = world
  const { receiptOf } = chain
  const descriptors = program.descriptors.map((bytes) => bytesToHex(bytes))
  const method = methodOf(program, verifier.address)
  const [salt, manifest] = [wordOf(name), wordOf(`${name} manifest`)]
  await receiptOf(registry.write.create([salt, name], publisher))
  const model = await registry.read.modelId([publisher.account, salt])
  await receiptOf(registry.write.publish([model, manifest, '', [method]], publisher))
  const version = await registry.read.versionId([model, manifest, [method]])

  const amount = dollars(5_000)
  await receiptOf(staking.write.deposit([operator.account, amount], operator))
  await receiptOf(staking.write.allocate([market.address, version, amount], operator))
  chain.warpTo(chain.now() + (await staking.read.ACTIVATION_DELAY()))
  const activation = [market.address, version, operator.account] as const
  await receiptOf(staking.write.activate(activation, outsider))
  return { version, descriptors }
}

/** Answers a job of a version. */
export async function answerTrace(
  { chain, world }: Scene,
  version: Hex,
  trace: Trace,
  output: Hex,
) {
  const jobs = createJobs(chain, world)
  const salt = wordOf(`${version} ${chain.now()}`)
  const job = await jobs.draft({ model: version, inputHash: trace.inputHash, salt })
  await chain.receiptOf(jobs.request(job))
  await jobs.waitForSlot(job)
  return jobs.answered(job, await chain.receiptOf(jobs.answer(job, output, trace.evidenceHash)))
}
