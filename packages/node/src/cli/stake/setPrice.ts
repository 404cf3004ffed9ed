import { setAsk } from '@assay/sdk'
import type { Hash } from 'viem'

import { formatAmount, parseAmount } from '../chain/amounts.ts'
import type { Scene } from '../chain/onChain.ts'
import type { ChainOptions } from '../chain/options.ts'
import type { Report } from '../chain/report.ts'
import { needVersion } from './needVersion.ts'

export type SetPriceOptions = ChainOptions & { notServing?: true }

export type SetPriceParameters = SetPriceOptions & {
  version: Hash
  /** Tokens asked per request. */
  amount: string
}

/** States on-chain what the operator asks for one request of a model version, or that it does not serve it. */
export async function setPrice(scene: Scene, parameters: SetPriceParameters): Promise<Report> {
  const { client, deployment, token } = scene
  const { version, notServing } = parameters
  const operator = scene.account().address
  const price = parseAmount(parameters.amount, token)
  const serving = notServing !== true
  await needVersion(scene, version)
  const { hash } = await setAsk(client, { deployment, model: version, price, serving })
  const asked = serving ? `asks ${formatAmount(price, token)} for a request` : 'does not serve'
  return {
    lines: [`${operator} ${asked} of ${version}`, `transaction ${hash}`],
    data: { operator, version, price, serving, transaction: hash },
  }
}
