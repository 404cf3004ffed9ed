import {
  type Account,
  type Address,
  bytesToHex,
  encodeAbiParameters,
  type Hex,
  keccak256,
} from 'viem'
import { getBlock, signTypedData } from 'viem/actions'

import type { AssayClient, ReadParameters } from '../client.ts'
import { accountOf } from '../internal/accountOf.ts'
import { type SignatureParts, splitSignature } from '../internal/splitSignature.ts'
import { tokenDomain } from '../internal/tokenDomain.ts'

const types = {
  ReceiveWithAuthorization: [
    { name: 'from', type: 'address' },
    { name: 'to', type: 'address' },
    { name: 'value', type: 'uint256' },
    { name: 'validAfter', type: 'uint256' },
    { name: 'validBefore', type: 'uint256' },
    { name: 'nonce', type: 'bytes32' },
  ],
} as const

export type SignDepositParameters = ReadParameters & {
  /** Account that pays; the client's own by default. */
  account?: Account | Address | undefined
  /** Tokens, in token units. */
  amount: bigint
  /** Contract that may spend the balance; the market by default. */
  spender?: Address | undefined
  /** Unix time in seconds until which it may be submitted; in an hour by default. */
  validBefore?: bigint | undefined
  /** Makes it usable once; random by default. */
  salt?: Hex | undefined
}

/** A payer's signed deposit, which anybody may submit once. */
export type DepositAuthorization = SignatureParts & {
  payer: Address
  spender: Address
  amount: bigint
  validAfter: bigint
  validBefore: bigint
  salt: Hex
}

/** Signs a deposit (ERC-3009) that somebody else submits with `depositWithAuthorization`. */
export async function signDeposit(
  client: AssayClient,
  parameters: SignDepositParameters,
): Promise<DepositAuthorization> {
  const { deployment, amount, spender = deployment.market } = parameters
  const { salt = bytesToHex(crypto.getRandomValues(new Uint8Array(32))) } = parameters
  const account = accountOf(client, parameters.account)
  const validAfter = 0n
  const validBefore = parameters.validBefore ?? (await getBlock(client)).timestamp + 3600n
  const words = [{ type: 'address' }, { type: 'bytes32' }] as const
  const signature = await signTypedData(client, {
    account,
    domain: await tokenDomain(client, deployment),
    types,
    primaryType: 'ReceiveWithAuthorization',
    message: {
      from: account.address,
      to: deployment.escrow,
      value: amount,
      validAfter,
      validBefore,
      // The escrow derives the nonce in the same way, so nobody can give the money to another spender.
      nonce: keccak256(encodeAbiParameters(words, [spender, salt])),
    },
  })
  const payer = account.address
  return { payer, spender, amount, validAfter, validBefore, salt, ...splitSignature(signature) }
}
