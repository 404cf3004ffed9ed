import { jobMarketAbi } from '@assay/protocol'
import { encodeFunctionData, parseEventLogs } from 'viem'

import type { AssayClient, Submitted, WriteParameters } from '../client.ts'
import { submit } from '../internal/submit.ts'
import type { JobAnswer } from '../job/jobRecord.ts'

export type DeliverParameters = WriteParameters & {
  answer: Pick<JobAnswer, 'settlement' | 'claim' | 'output'>
}

export type DeliverReturnType = Submitted & {
  /** Whether the callback returned without reverting. */
  isDelivered: boolean
}

/** Hands an answer to its job's callback. Anybody may, as often as needed. */
export async function deliver(
  client: AssayClient,
  parameters: DeliverParameters,
): Promise<DeliverReturnType> {
  const { deployment, answer } = parameters
  const { settlement, claim, output } = answer
  const args = [settlement, claim, output] as const
  const data = encodeFunctionData({ abi: jobMarketAbi, functionName: 'deliver', args })
  const submitted = await submit(client, { ...parameters, to: deployment.market, data })
  const [attempted] = parseEventLogs({
    abi: jobMarketAbi,
    eventName: 'CallbackAttempted',
    logs: submitted.receipt.logs,
  })
  return { ...submitted, isDelivered: attempted?.args.success === true }
}
