import { tokenAbi } from '@assay/protocol'
import { type Address, parseAbi, type TypedDataDomain } from 'viem'
import { getEip712Domain, readContract } from 'viem/actions'

import type { AssayClient } from '../client.ts'

const versionAbi = parseAbi(['function version() view returns (string)'])

/** Returns the domain of a token's signatures: what the token says (ERC-5267), or what tokens before that had. */
export async function tokenDomain(
  client: AssayClient,
  { token, chainId }: { token: Address; chainId: number },
): Promise<TypedDataDomain> {
  try {
    const { domain } = await getEip712Domain(client, { address: token })
    const { name, version, verifyingContract } = domain
    return { name, version, chainId, verifyingContract }
  } catch {
    const contract = { address: token } as const
    const [name, version] = await Promise.all([
      readContract(client, { ...contract, abi: tokenAbi, functionName: 'name' }),
      readContract(client, { ...contract, abi: versionAbi, functionName: 'version' }).catch(
        () => '1',
      ),
    ])
    return { name, version, chainId, verifyingContract: token }
  }
}
