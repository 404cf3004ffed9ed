import { type Address, encodeAbiParameters, type Hex, keccak256, parseSignature } from 'viem'

import { viem } from './fixtures.ts'

type Token = {
  address: Address
  read: {
    name: () => Promise<string>
    nonces: (args: [Address]) => Promise<bigint>
  }
}

type Signature = [v: number, r: Hex, s: Hex]

async function sign(
  token: Token,
  account: Address,
  primaryType: string,
  fields: Record<string, 'address' | 'uint256' | 'bytes32'>,
  message: Record<string, unknown>,
): Promise<Signature> {
  const client = await viem.getWalletClient(account)
  const signature = await client.signTypedData({
    domain: {
      name: await token.read.name(),
      version: '1',
      chainId: client.chain.id,
      verifyingContract: token.address,
    },
    types: { [primaryType]: Object.entries(fields).map(([name, type]) => ({ name, type })) },
    primaryType,
    message,
  })
  const { r, s, v } = parseSignature(signature)
  return [Number(v), r, s]
}

/** Signs an ERC-2612 permit with the owner's next nonce. */
export async function signPermit(
  token: Token,
  permit: { owner: Address; spender: Address; value: bigint; deadline: bigint },
) {
  const fields = {
    owner: 'address',
    spender: 'address',
    value: 'uint256',
    nonce: 'uint256',
    deadline: 'uint256',
  } as const
  const nonce = await token.read.nonces([permit.owner])
  return sign(token, permit.owner, 'Permit', fields, { ...permit, nonce })
}

/** Signs an ERC-3009 authorization that only `to` can use. */
export async function signAuthorization(
  token: Token,
  authorization: {
    from: Address
    to: Address
    value: bigint
    validAfter: bigint
    validBefore: bigint
    nonce: Hex
  },
) {
  const fields = {
    from: 'address',
    to: 'address',
    value: 'uint256',
    validAfter: 'uint256',
    validBefore: 'uint256',
    nonce: 'bytes32',
  } as const
  return sign(token, authorization.from, 'ReceiveWithAuthorization', fields, authorization)
}

/** ERC-3009 nonce by which the escrow binds an authorization to one spender. */
export function escrowNonce(spender: Address, salt: Hex) {
  return keccak256(encodeAbiParameters([{ type: 'address' }, { type: 'bytes32' }], [spender, salt]))
}
