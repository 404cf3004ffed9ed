import hre from 'hardhat'
import type { NetworkHooks } from 'hardhat/types/hooks'
import { type Address, type Hash, isAddressEqual, type TransactionReceipt } from 'viem'

/** Timestamp of the first block, in seconds: 2026-01-01T00:00:00Z. */
const START = 1_767_225_600

/** Seconds between two blocks, unless `warpTo` asks for more. */
const BLOCK_SECONDS = 2

/** Requests that mine a block here, where every transaction is mined at once. */
const MINING = new Set(['eth_sendTransaction', 'eth_sendRawTransaction', 'evm_mine'])

/**
 * A chain in this process on which the same transactions cost the same gas on every machine: accounts, block times and
 * with them block hashes (which seed the sortition) depend on nothing outside.
 */
export async function createGasChain() {
  let latest = START
  let earliest = 0

  const handlers: Partial<NetworkHooks> = {
    async onRequest(context, connection, request, next) {
      if (!MINING.has(request.method)) return next(context, connection, request)
      latest = Math.max(latest + BLOCK_SECONDS, earliest)
      await next(context, connection, {
        jsonrpc: '2.0',
        id: 0,
        method: 'evm_setNextBlockTimestamp',
        params: [latest],
      })
      return next(context, connection, request)
    },
  }
  hre.hooks.registerHandlers('network', handlers)
  const connection = await hre.network.create({ override: { initialDate: new Date(START * 1000) } })
  const { ignition, provider, viem } = connection
  const client = await viem.getPublicClient()
  const wallets = await viem.getWalletClients()

  return {
    client,
    ignition,
    viem,
    wallets,

    /** Returns the wallet of one of the chain's accounts. */
    walletOf(address: Address) {
      const wallet = wallets.find(({ account }) => isAddressEqual(account.address, address))
      if (wallet === undefined) throw new Error(`${address} is no account of the chain`)
      return wallet
    },

    /** Timestamp of the latest block, in seconds. */
    now: () => BigInt(latest),

    /** Lets the next block be no earlier than `time`, in seconds. */
    warpTo(time: bigint) {
      earliest = Number(time)
    },

    /** Mines empty blocks. */
    async mine(blocks = 1) {
      for (let block = 0; block < blocks; block++) await provider.request({ method: 'evm_mine' })
    },

    /** Returns the receipt of a transaction, which must have succeeded. */
    async receiptOf(sent: Promise<Hash> | Hash): Promise<TransactionReceipt> {
      const receipt = await client.getTransactionReceipt({ hash: await sent })
      if (receipt.status !== 'success') throw new Error(`${receipt.transactionHash} reverted`)
      return receipt
    },

    /** Traces a mined transaction with the node's own tracers. */
    trace(hash: Hash, options: object): Promise<unknown> {
      return provider.request({ method: 'debug_traceTransaction', params: [hash, options] })
    },

    async close() {
      hre.hooks.unregisterHandlers('network', handlers)
      await connection.close()
    },
  }
}

export type GasChain = Awaited<ReturnType<typeof createGasChain>>
