import { freeStake, getAllocation, withdrawStake } from '@assay/sdk'
import type { Hash } from 'viem'

import { formatAmount } from '../chain/amounts.ts'
import type { Scene } from '../chain/onChain.ts'
import type { Report } from '../chain/report.ts'

/** Takes out what has thawed behind a model version. */
export async function withdrawThawed(scene: Scene, version: Hash): Promise<Report> {
  const { client, deployment, token } = scene
  const operator = scene.account().address
  const { thawing: amount } = await getAllocation(client, { deployment, model: version, operator })
  await freeStake(client, { deployment, model: version })
  const { hash } = await withdrawStake(client, { deployment, amount })
  return {
    lines: [`${formatAmount(amount, token)} withdrawn to ${operator}`, `transaction ${hash}`],
    data: { operator, version, amount, transaction: hash },
  }
}
