import { escrowAbi } from '@assay/protocol'
import type { Address } from 'viem'
import { readContract } from 'viem/actions'

import type { AssayClient, ReadParameters } from '../client.ts'
import { accountOf } from '../internal/accountOf.ts'

export type GetEscrowBalanceParameters = ReadParameters & {
  /** Whose balance; the client's account by default. */
  payer?: Address | undefined
  /** Contract that may spend it; the market by default. */
  spender?: Address | undefined
}

/** Returns a free escrow balance, in token units. */
export async function getEscrowBalance(
  client: AssayClient,
  parameters: GetEscrowBalanceParameters,
): Promise<bigint> {
  const { deployment, spender = deployment.market } = parameters
  const payer = parameters.payer ?? accountOf(client).address
  return readContract(client, {
    abi: escrowAbi,
    address: deployment.escrow,
    functionName: 'balanceOf',
    args: [payer, spender],
  })
}
