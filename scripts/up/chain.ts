import { network } from 'hardhat'

export type Chain = {
  url: string
  chainId: number
  /** Switches from a block per transaction, which deploys fast, to a block every `seconds`. */
  tick(seconds: number): Promise<void>
  /** Puts the chain's clock forward. */
  skip(seconds: number): Promise<void>
  stop(): Promise<void>
}

async function call(url: string, method: string, params: unknown[]): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  })
  return ((await response.json()) as { result: unknown }).result
}

/** Starts an in-process chain on Osaka rules that listens on the loopback interface only. */
export async function startChain(port: number): Promise<Chain> {
  const server = await network.createServer({ network: 'default' }, '127.0.0.1', port)
  const { address } = await server.listen()
  const url = `http://${address}:${port}`
  return {
    url,
    chainId: Number(await call(url, 'eth_chainId', [])),
    async tick(seconds) {
      await call(url, 'evm_setAutomine', [false])
      await call(url, 'evm_setIntervalMining', [seconds * 1_000])
    },
    async skip(seconds) {
      await call(url, 'evm_increaseTime', [seconds])
      await call(url, 'evm_mine', [])
    },
    stop: () => server.close(),
  }
}
