import { escrowAbi } from '@assay/protocol'
import { type Address, encodeFunctionData } from 'viem'

import type { AssayClient, Submitted, WriteParameters } from '../client.ts'
import { accountOf } from '../internal/accountOf.ts'
import { allow } from '../internal/allow.ts'
import { submit } from '../internal/submit.ts'

export type DepositParameters = WriteParameters & {
  /** Tokens, in token units. */
  amount: bigint
  /** Contract that may spend the balance; the market by default, the tensor verifier for bonds. */
  spender?: Address | undefined
  /** Whose balance grows; the sender's by default. */
  payer?: Address | undefined
}

/** Adds tokens of the sender to an escrow balance; approves the escrow first where the allowance is too small. */
export async function deposit(
  client: AssayClient,
  parameters: DepositParameters,
): Promise<Submitted> {
  const { deployment, amount, spender = deployment.market } = parameters
  const { escrow } = deployment
  const payer = parameters.payer ?? accountOf(client, parameters.account).address
  await allow(client, { ...parameters, puller: escrow })

  const args = [payer, spender, amount] as const
  const data = encodeFunctionData({ abi: escrowAbi, functionName: 'deposit', args })
  return submit(client, { ...parameters, to: escrow, data })
}
