import { x402Facilitator } from '@x402/core/facilitator'
import { toFacilitatorEvmSigner } from '@x402/evm'
import { registerExactEvmScheme } from '@x402/evm/exact/facilitator'
import type { Chain, LocalAccount, PublicClient, Transport, WalletClient } from 'viem'

export type CreateFacilitatorParameters = {
  publicClient: PublicClient
  /** Sends the transfers and pays their gas. Its account sends nothing else: two senders would take the same nonce. */
  walletClient: WalletClient<Transport, Chain | undefined, LocalAccount>
  chainId: number
  /** Told of every transaction once it is sent, before it is waited for. */
  onSent: (hash: `0x${string}`) => void
}

/** Creates the facilitator that runs in the seller's own process (x402 v2, scheme `exact`). */
export function createFacilitator(parameters: CreateFacilitatorParameters): x402Facilitator {
  const { publicClient, walletClient, chainId, onSent } = parameters
  const { account } = walletClient
  const sent = async (sending: Promise<`0x${string}`>) => {
    const hash = await sending
    onSent(hash)
    return hash
  }
  const signer = toFacilitatorEvmSigner({
    address: account.address,
    readContract: (call) => publicClient.readContract({ ...call, account }),
    verifyTypedData: (typed) =>
      publicClient.verifyTypedData(typed as Parameters<PublicClient['verifyTypedData']>[0]),
    writeContract: (call) =>
      sent(walletClient.writeContract({ ...call, account, chain: walletClient.chain ?? null })),
    sendTransaction: (call) =>
      sent(walletClient.sendTransaction({ ...call, account, chain: walletClient.chain ?? null })),
    waitForTransactionReceipt: (query) => publicClient.waitForTransactionReceipt(query),
    getCode: (query) => publicClient.getCode(query),
  })
  const facilitator = new x402Facilitator()
  registerExactEvmScheme(facilitator, { signer, networks: `eip155:${chainId}` })
  return facilitator
}
