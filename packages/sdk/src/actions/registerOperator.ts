import { operatorStakingAbi } from '@assay/protocol'
import { type Address, encodeFunctionData, type Hex, zeroAddress, zeroHash } from 'viem'

import type { AssayClient, Submitted, WriteParameters } from '../client.ts'
import { submit } from '../internal/submit.ts'

export type RegisterOperatorParameters = WriteParameters & {
  /** Hot key that may answer in the operator's name. */
  signer?: Address | undefined
  /** Where earnings go; the operator itself by default. */
  payout?: Address | undefined
  /** X25519 public key for sealed requests. */
  encryptionKey?: Hex | undefined
  /** Base URL of the operator's HTTP interface. */
  endpoint?: string | undefined
}

/** Sets the sender's record as an operator, whole: what is left out is cleared. */
export async function registerOperator(
  client: AssayClient,
  parameters: RegisterOperatorParameters,
): Promise<Submitted> {
  const { signer = zeroAddress, payout = zeroAddress, encryptionKey = zeroHash } = parameters
  const { deployment, endpoint = '' } = parameters
  const args = [{ signer, payout, encryptionKey, endpoint }] as const
  const data = encodeFunctionData({ abi: operatorStakingAbi, functionName: 'register', args })
  return submit(client, { ...parameters, to: deployment.staking, data })
}
