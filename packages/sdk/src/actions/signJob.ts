import { type Job, jobTypedData } from '@assay/protocol'
import type { Account, Address, Hex } from 'viem'
import { signTypedData } from 'viem/actions'

import type { AssayClient, ReadParameters } from '../client.ts'
import { accountOf } from '../internal/accountOf.ts'

export type SignJobParameters = ReadParameters & {
  job: Job
  /** Account that pays; the client's own by default. */
  account?: Account | Address | undefined
}

export type SignJobReturnType = Hex

/** Signs a job as its payer, so that anybody may submit it with `requestJobFor`. */
export async function signJob(
  client: AssayClient,
  parameters: SignJobParameters,
): Promise<SignJobReturnType> {
  const { deployment, job } = parameters
  const account = accountOf(client, parameters.account)
  return signTypedData(client, { account, ...jobTypedData({ ...deployment, job }) })
}
