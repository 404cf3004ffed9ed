import { type Job, jobIdOf, jobMarketAbi } from '@assay/protocol'
import { encodeFunctionData, type Hex } from 'viem'

import type { AssayClient, WriteParameters } from '../client.ts'
import { submit } from '../internal/submit.ts'
import { getJobStatus } from './getJobStatus.ts'
import type { RequestJobReturnType } from './requestJob.ts'

export type RequestJobForParameters = WriteParameters & {
  job: Job
  input?: Hex | undefined
  /** The payer's signature: see `signJob`. Contracts sign by ERC-1271. */
  signature: Hex
}

/** Submits a job that its payer signed; the payer's escrow pays, the sender only the gas. */
export async function requestJobFor(
  client: AssayClient,
  parameters: RequestJobForParameters,
): Promise<RequestJobReturnType> {
  const { deployment, job, input = '0x', signature } = parameters
  const id = jobIdOf({ ...deployment, job })
  if ((await getJobStatus(client, { deployment, id })) !== 'None')
    return { id, job, hash: undefined }

  const args = [job, input, signature] as const
  const data = encodeFunctionData({ abi: jobMarketAbi, functionName: 'requestFor', args })
  const { hash } = await submit(client, { ...parameters, to: deployment.market, data })
  return { id, job, hash }
}
