import { type Job, jobMarketAbi } from '@assay/protocol'
import { encodeFunctionData } from 'viem'

import type { AssayClient, Submitted, WriteParameters } from '../client.ts'
import { submit } from '../internal/submit.ts'

export type ExpireParameters = WriteParameters & { job: Job }

/** Refunds a job that nobody answered by its deadline. Anybody may. */
export async function expire(
  client: AssayClient,
  parameters: ExpireParameters,
): Promise<Submitted> {
  const { deployment, job } = parameters
  const data = encodeFunctionData({ abi: jobMarketAbi, functionName: 'expire', args: [job] })
  return submit(client, { ...parameters, to: deployment.market, data })
}
