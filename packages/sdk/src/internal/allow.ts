import { tokenAbi } from '@assay/protocol'
import { type Address, encodeFunctionData } from 'viem'
import { readContract } from 'viem/actions'

import type { AssayClient, WriteParameters } from '../client.ts'
import { accountOf } from './accountOf.ts'
import { submit } from './submit.ts'

export type AllowParameters = WriteParameters & {
  /** Contract that is going to pull the tokens. */
  puller: Address
  amount: bigint
}

/** Approves exactly what is about to be pulled, unless that much is allowed already. */
export async function allow(client: AssayClient, parameters: AllowParameters): Promise<void> {
  const { deployment, puller, amount } = parameters
  const { address: owner } = accountOf(client, parameters.account)
  const token = { abi: tokenAbi, address: deployment.token } as const
  const args = [owner, puller] as const
  const allowance = await readContract(client, { ...token, functionName: 'allowance', args })
  if (allowance >= amount) return

  const data = encodeFunctionData({ ...token, functionName: 'approve', args: [puller, amount] })
  await submit(client, { ...parameters, to: deployment.token, data })
}
