import { operatorStakingAbi } from '@assay/protocol'
import { allocateStake, depositStake, getAllocation } from '@assay/sdk'
import type { Hash } from 'viem'
import { getBlock, readContract } from 'viem/actions'

import { needTokens } from '../account/moveFunds.ts'
import { parseAmount } from '../chain/amounts.ts'
import { formatTime } from '../chain/formatTime.ts'
import type { Scene } from '../chain/onChain.ts'
import { pause } from '../chain/pause.ts'
import type { Report } from '../chain/report.ts'
import { activate } from './activate.ts'
import { needVersion } from './needVersion.ts'
import { showStake } from './showStake.ts'
import { type StakeOptions, sourceOf } from './sourceOf.ts'

export type AddStakeOptions = StakeOptions & { wait?: true }

const hints = {
  answers: (model: Hash) => model,
  audits: (model: Hash) => `${model} --for audits`,
  receipts: () => '--for receipts, and then pledged: assay pledge AMOUNT',
}

/** Puts stake behind a model version: what is free already, and from the wallet what is missing. */
export async function addStake(
  scene: Scene,
  options: AddStakeOptions & { version: Hash; amount: string },
): Promise<Report> {
  const { client, deployment, token, note } = scene
  const { version: model, for: use } = options
  const source = sourceOf(deployment, use)
  const operator = scene.account().address
  const amount = parseAmount(options.amount, token)
  if (use !== 'receipts') await needVersion(scene, model)
  const free = await readContract(client, {
    abi: operatorStakingAbi,
    address: deployment.staking,
    functionName: 'freeOf',
    args: [operator],
  })
  if (free < amount) {
    await needTokens(scene, amount - free)
    await depositStake(client, { deployment, amount: amount - free })
  }
  const { hash } = await allocateStake(client, { deployment, model, source, amount })
  const { activeAt } = await getAllocation(client, { deployment, model, source, operator })
  if (options.wait === true) {
    note(`waiting until ${formatTime(activeAt)}, when the stake can be activated`)
    await waitUntil(scene, activeAt)
    return activate(scene, options)
  }
  const { lines, data } = await showStake(scene, options)
  const hint = `it counts once it is activated: assay stake activate ${hints[use](model)}`
  return { lines: [...lines, hint], data: { ...data, transaction: hash } }
}

async function waitUntil({ client, signal }: Scene, time: bigint) {
  while ((await getBlock(client)).timestamp < time) await pause(client.pollingInterval, signal)
}
