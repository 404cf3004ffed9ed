import { type CustomTransport, custom, type Hex, hexToBigInt, hexToBytes } from 'viem'

import type { EthersProvider, EthersSigner, EthersTransaction, EthersTypes } from './ethersTypes.ts'

export type EthersTransportParameters = { signer: EthersSigner; provider: EthersProvider }

type RpcTransaction = { to?: string; data?: string; value?: Hex; gas?: Hex }

type RpcTypedData = {
  domain: Record<string, unknown>
  types: EthersTypes
  message: Record<string, unknown>
}

function toEthersTransaction({ to, data, value, gas }: RpcTransaction): EthersTransaction {
  return {
    ...(to === undefined ? {} : { to }),
    ...(data === undefined ? {} : { data }),
    ...(value === undefined ? {} : { value: hexToBigInt(value) }),
    ...(gas === undefined ? {} : { gasLimit: hexToBigInt(gas) }),
  }
}

/** Returns a viem transport that lets the signer sign and send, and the provider do all else. */
export function ethersTransport(parameters: EthersTransportParameters): CustomTransport {
  const { signer, provider } = parameters
  const request = async ({ method, params = [] }: { method: string; params?: unknown[] }) => {
    switch (method) {
      case 'eth_accounts':
      case 'eth_requestAccounts':
        return [await signer.getAddress()]
      case 'eth_sendTransaction': {
        const [transaction] = params as [RpcTransaction]
        return (await signer.sendTransaction(toEthersTransaction(transaction))).hash
      }
      case 'personal_sign': {
        const [message] = params as [Hex]
        return signer.signMessage(hexToBytes(message))
      }
      case 'eth_signTypedData_v4': {
        const [, json] = params as [string, string]
        const { domain, types, message }: RpcTypedData = JSON.parse(json)
        // ethers derives the domain's type itself and refuses to be told.
        const { EIP712Domain: _, ...rest } = types
        return signer.signTypedData(domain, rest, message)
      }
      default:
        return provider.send(method, params)
    }
  }
  // ethers retries by itself.
  return custom({ request }, { retryCount: 0 })
}
