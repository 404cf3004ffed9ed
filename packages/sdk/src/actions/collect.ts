import { jobMarketAbi } from '@assay/protocol'
import { type Address, encodeFunctionData, type Hash, parseEventLogs } from 'viem'

import type { AssayClient, Submitted, WriteParameters } from '../client.ts'
import { accountOf } from '../internal/accountOf.ts'
import { submit } from '../internal/submit.ts'

export type CollectParameters = WriteParameters & {
  /** Operator whose earnings are paid to its payout address; the sender by default. */
  operator?: Address | undefined
  models: readonly Hash[]
}

export type CollectReturnType = Submitted & {
  /** Tokens paid. */
  amount: bigint
}

/** Pays what an operator earned on some model versions. Anybody may. */
export async function collect(
  client: AssayClient,
  parameters: CollectParameters,
): Promise<CollectReturnType> {
  const { deployment, models } = parameters
  const operator = parameters.operator ?? accountOf(client, parameters.account).address
  const args = [operator, models] as const
  const data = encodeFunctionData({ abi: jobMarketAbi, functionName: 'collect', args })
  const submitted = await submit(client, { ...parameters, to: deployment.market, data })
  const logs = parseEventLogs({
    abi: jobMarketAbi,
    eventName: 'EarningsCollected',
    logs: submitted.receipt.logs,
  })
  return { ...submitted, amount: logs.reduce((sum, { args }) => sum + args.amount, 0n) }
}
