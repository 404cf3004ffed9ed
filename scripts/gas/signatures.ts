import { type Address, type Hex, parseSignature } from 'viem'

import type { GasChain } from './chain.ts'
import type { Actor, World } from './world.ts'

/** Far enough for everything that is measured. */
export const DEADLINE = 2n ** 40n

type Signed = { v: number; r: Hex; s: Hex }

function split(signature: Hex): Signed {
  const { r, s, yParity } = parseSignature(signature)
  return { v: 27 + yParity, r, s }
}

async function tokenDomain(chain: GasChain, { token }: World) {
  return {
    name: await token.read.name(),
    version: '1',
    chainId: await chain.client.getChainId(),
    verifyingContract: token.address,
  }
}

/** Signs an ERC-2612 permit of the test token. */
export async function signPermit(
  chain: GasChain,
  world: World,
  permit: { owner: Actor; spender: Address; value: bigint },
): Promise<Signed> {
  const { owner, spender, value } = permit
  const address = owner.account
  const nonce = await world.token.read.nonces([address])
  const signature = await chain.walletOf(address).signTypedData({
    domain: await tokenDomain(chain, world),
    types: {
      Permit: [
        { name: 'owner', type: 'address' },
        { name: 'spender', type: 'address' },
        { name: 'value', type: 'uint256' },
        { name: 'nonce', type: 'uint256' },
        { name: 'deadline', type: 'uint256' },
      ],
    },
    primaryType: 'Permit',
    message: { owner: address, spender, value, nonce, deadline: DEADLINE },
  })
  return split(signature)
}

/** Signs an ERC-3009 transfer of the test token that only `to` can take. */
export async function signAuthorization(
  chain: GasChain,
  world: World,
  authorization: { from: Actor; to: Address; value: bigint; nonce: Hex },
): Promise<Signed> {
  const { from, to, value, nonce } = authorization
  const signature = await chain.walletOf(from.account).signTypedData({
    domain: await tokenDomain(chain, world),
    types: {
      ReceiveWithAuthorization: [
        { name: 'from', type: 'address' },
        { name: 'to', type: 'address' },
        { name: 'value', type: 'uint256' },
        { name: 'validAfter', type: 'uint256' },
        { name: 'validBefore', type: 'uint256' },
        { name: 'nonce', type: 'bytes32' },
      ],
    },
    primaryType: 'ReceiveWithAuthorization',
    message: {
      ...{ from: from.account, to, value, nonce },
      ...{ validAfter: 0n, validBefore: DEADLINE },
    },
  })
  return split(signature)
}
