import { escrowAbi } from '@assay/protocol'
import { encodeFunctionData } from 'viem'

import type { AssayClient, Submitted, WriteParameters } from '../client.ts'
import { submit } from '../internal/submit.ts'
import type { DepositAuthorization } from './signDeposit.ts'

export type DepositWithAuthorizationParameters = WriteParameters & {
  /** What the payer signed: see `signDeposit`. */
  authorization: DepositAuthorization
}

/** Submits a deposit that its payer signed (ERC-3009); the sender pays only the gas. */
export async function depositWithAuthorization(
  client: AssayClient,
  parameters: DepositWithAuthorizationParameters,
): Promise<Submitted> {
  const { deployment, authorization } = parameters
  const { payer, spender, amount, validAfter, validBefore, salt, v, r, s } = authorization
  const args = [payer, spender, amount, validAfter, validBefore, salt, v, r, s] as const
  const functionName = 'depositWithAuthorization'
  const data = encodeFunctionData({ abi: escrowAbi, functionName, args })
  return submit(client, { ...parameters, to: deployment.escrow, data })
}
