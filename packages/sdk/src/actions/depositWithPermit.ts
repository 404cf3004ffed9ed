import { escrowAbi } from '@assay/protocol'
import { type Address, encodeFunctionData } from 'viem'

import type { AssayClient, Submitted, WriteParameters } from '../client.ts'
import { signPermit } from '../internal/signPermit.ts'
import { submit } from '../internal/submit.ts'

export type DepositWithPermitParameters = WriteParameters & {
  /** Tokens, in token units. */
  amount: bigint
  /** Contract that may spend the balance; the market by default. */
  spender?: Address | undefined
}

/** Adds tokens of the sender to its escrow balance in one transaction, allowed by a signature (ERC-2612). */
export async function depositWithPermit(
  client: AssayClient,
  parameters: DepositWithPermitParameters,
): Promise<Submitted> {
  const { deployment, amount, spender = deployment.market } = parameters
  const { escrow } = deployment
  const { deadline, v, r, s } = await signPermit(client, { ...parameters, puller: escrow })
  const args = [spender, amount, deadline, v, r, s] as const
  const data = encodeFunctionData({ abi: escrowAbi, functionName: 'depositWithPermit', args })
  return submit(client, { ...parameters, to: escrow, data })
}
