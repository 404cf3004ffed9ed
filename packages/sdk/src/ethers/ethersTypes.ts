/** The part of an ethers v6 provider that is used: `JsonRpcProvider`, `BrowserProvider` and `WebSocketProvider` have it. */
export type EthersProvider = {
  send(method: string, params: unknown[]): Promise<unknown>
}

export type EthersTransaction = {
  to?: string
  data?: string
  value?: bigint
  gasLimit?: bigint
}

export type EthersTypes = Record<string, { name: string; type: string }[]>

/** The part of an ethers v6 signer that is used. */
export type EthersSigner = {
  getAddress(): Promise<string>
  sendTransaction(transaction: EthersTransaction): Promise<{ hash: string }>
  signMessage(message: Uint8Array): Promise<string>
  signTypedData(
    domain: Record<string, unknown>,
    types: EthersTypes,
    value: Record<string, unknown>,
  ): Promise<string>
}
