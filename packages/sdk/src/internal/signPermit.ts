import { tokenAbi } from '@assay/protocol'
import type { Address } from 'viem'
import { getBlock, readContract, signTypedData } from 'viem/actions'

import type { AssayClient, WriteParameters } from '../client.ts'
import { accountOf } from './accountOf.ts'
import { type SignatureParts, splitSignature } from './splitSignature.ts'
import { tokenDomain } from './tokenDomain.ts'

const types = {
  Permit: [
    { name: 'owner', type: 'address' },
    { name: 'spender', type: 'address' },
    { name: 'value', type: 'uint256' },
    { name: 'nonce', type: 'uint256' },
    { name: 'deadline', type: 'uint256' },
  ],
} as const

export type SignPermitParameters = WriteParameters & { puller: Address; amount: bigint }

export type Permit = SignatureParts & { deadline: bigint }

/** Lets `puller` pull `amount` of the account's tokens within the hour (ERC-2612). */
export async function signPermit(
  client: AssayClient,
  parameters: SignPermitParameters,
): Promise<Permit> {
  const { deployment, puller, amount } = parameters
  const { token } = deployment
  const account = accountOf(client, parameters.account)
  const owner = account.address
  const [domain, nonce, { timestamp }] = await Promise.all([
    tokenDomain(client, deployment),
    readContract(client, { abi: tokenAbi, address: token, functionName: 'nonces', args: [owner] }),
    getBlock(client),
  ])
  const deadline = timestamp + 3600n
  const message = { owner, spender: puller, value: amount, nonce, deadline }
  const signature = await signTypedData(client, {
    account,
    domain,
    types,
    primaryType: 'Permit',
    message,
  })
  return { deadline, ...splitSignature(signature) }
}
