import { escrowAbi } from '@assay/protocol'
import { type Address, encodeFunctionData } from 'viem'

import type { AssayClient, Submitted, WriteParameters } from '../client.ts'
import { accountOf } from '../internal/accountOf.ts'
import { submit } from '../internal/submit.ts'

export type WithdrawParameters = WriteParameters & {
  /** Tokens, in token units. */
  amount: bigint
  /** Spender whose balance is drawn; the market by default. */
  spender?: Address | undefined
  /** Who gets them; the sender by default. */
  to?: Address | undefined
}

/** Takes tokens out of the sender's escrow balance, at once. */
export async function withdraw(
  client: AssayClient,
  parameters: WithdrawParameters,
): Promise<Submitted> {
  const { deployment, amount, spender = deployment.market } = parameters
  const to = parameters.to ?? accountOf(client, parameters.account).address
  const args = [spender, amount, to] as const
  const data = encodeFunctionData({ abi: escrowAbi, functionName: 'withdraw', args })
  return submit(client, { ...parameters, to: deployment.escrow, data })
}
