import type { Deployment } from '@assay/protocol'
import { type Chain, createClient, getAddress } from 'viem'

import { type AssayActions, assayActions } from '../decorators/assayActions.ts'
import { ethersTransport } from './ethersTransport.ts'
import type { EthersProvider, EthersSigner } from './ethersTypes.ts'

export type FromEthersParameters = {
  /** Where the suite is deployed. */
  deployment: Deployment
  /** An ethers v6 signer: a `Wallet`, a `NonceManager`, or what a `BrowserProvider` gives. */
  signer: EthersSigner
  /** An ethers v6 provider that speaks JSON-RPC. */
  provider: EthersProvider
  /** Used in messages only. */
  chain?: Chain | undefined
  /** Milliseconds between two looks at the chain. */
  pollingInterval?: number | undefined
}

export type FromEthersReturnType = AssayActions & { address: `0x${string}` }

/**
 * Returns all actions of this package, signed by an ethers signer.
 *
 * @example
 * const assay = await fromEthers({ deployment, signer, provider })
 * const { id } = await assay.requestJob({ model, inputHash, input, feeMax: 2_000n })
 */
export async function fromEthers(parameters: FromEthersParameters): Promise<FromEthersReturnType> {
  const { deployment, signer, provider, chain, pollingInterval } = parameters
  const address = getAddress(await signer.getAddress())
  const client = createClient({
    account: address,
    transport: ethersTransport({ signer, provider }),
    ...(chain === undefined ? {} : { chain }),
    ...(pollingInterval === undefined ? {} : { pollingInterval }),
  })
  return { address, ...assayActions(deployment)(client) }
}
