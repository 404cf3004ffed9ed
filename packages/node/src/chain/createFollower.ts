import {
  type Address,
  type Block,
  BlockNotFoundError,
  type Hash,
  type Log,
  type PublicClient,
} from 'viem'

import type { ChainLog, ChainLogEntry, Header } from '../journal/createChainLog.ts'
import { ChainReplacedError, NodesDisagreeError } from './errors.ts'

/** A block that the follower took over, with its events that matter. */
export type FollowedBlock = {
  header: Header
  baseFeePerGas: bigint
  entries: readonly ChainLogEntry[]
}

export type FollowerDependencies = {
  client: PublicClient
  chain: ChainLog
  /** Contracts whose events are read. */
  addresses: readonly Address[]
  /** First block of interest. */
  startBlock: bigint
  /** Newest blocks that may still be reorganised: these are read one by one and checked against their parents. */
  depth: number
  /** Older blocks read at a time. */
  chunk: number
  /** Takes an event in; returns whether it is worth keeping. */
  accept: (entry: ChainLogEntry) => boolean
  /** Called as soon as a newest block is heard of. */
  onHead: (header: Header) => void
  /** Called for every block taken over, after it is durable. */
  onBlock: (block: FollowedBlock) => void
  /** Called after everything past `header` was forgotten; without a header there is nothing left. */
  onRewind: (header: Header | undefined) => void
}

export type Follower = {
  /** Takes over what the chain has added since; resolves with the newest block there is. */
  step: (signal?: AbortSignal) => Promise<FollowedBlock['header'] & { baseFeePerGas: bigint }>
}

type KnownBlock = Block<bigint, false, 'latest'>

/**
 * Creates a reader of the chain that survives restarts, nodes that lag, and reorganisations: its cursor is the newest
 * block in the journal, and a block is taken over only on top of its own parent.
 */
export function createFollower(dependencies: FollowerDependencies): Follower {
  const { client, chain, startBlock, depth, onBlock } = dependencies
  let heard: Hash | undefined

  async function takeOld(from: bigint, to: bigint) {
    const block = await blockAt(client, to)
    const logs = await client.getLogs({
      address: [...dependencies.addresses],
      fromBlock: from,
      toBlock: to,
    })
    const numbers = new Set(logs.map(({ blockNumber }) => blockNumber))
    const blocks = await Promise.all([...numbers].map((number) => blockAt(client, number)))
    const timestamps = new Map(blocks.map(({ number, timestamp }) => [number, timestamp]))
    take(
      block,
      logs.map((log) => entryOf(log, timestamps.get(log.blockNumber)!)),
    )
  }

  async function takeNew(block: KnownBlock) {
    const logs = await client.getLogs({
      address: [...dependencies.addresses],
      blockHash: block.hash,
    })
    take(
      block,
      logs.map((log) => entryOf(log, block.timestamp)),
    )
  }

  function take(block: KnownBlock, found: readonly ChainLogEntry[]) {
    const entries = found.filter(dependencies.accept)
    const header = headerOf(block)
    chain.append(header, entries, depth * 2)
    onBlock({ header, baseFeePerGas: block.baseFeePerGas ?? 0n, entries })
  }

  /** Forgets what is not on the chain any more. */
  async function rewind() {
    for (const header of chain.headers()) {
      const hash = await hashAt(client, header.number)
      if (hash !== header.hash) continue
      // One node says that this block is not the chain's, another that it is: wait until they agree.
      if (header.hash === chain.cursor()!.hash) throw new NodesDisagreeError(header)
      chain.rewind(header.number)
      dependencies.onRewind(header)
      return
    }
    throw new ChainReplacedError({ number: chain.cursor()!.number })
  }

  async function advance(head: KnownBlock) {
    const cursor = chain.cursor()
    const next = cursor === undefined ? startBlock : cursor.number + 1n
    const newestOld = head.number - BigInt(depth)
    if (next <= newestOld) {
      const end = next + BigInt(dependencies.chunk) - 1n
      return takeOld(next, end < newestOld ? end : newestOld)
    }
    const block = next === head.number ? head : await blockAt(client, next)
    if (cursor !== undefined && block.parentHash !== cursor.hash) return rewind()
    return takeNew(block)
  }

  return {
    async step(signal) {
      const head = await client.getBlock({ blockTag: 'latest' })
      if (head.hash !== heard) dependencies.onHead(headerOf(head))
      heard = head.hash
      // A lower head with a known hash is a node that lags, or a shorter chain that has yet to grow.
      const known = chain.headerAt(head.number)
      if (known !== undefined && known.hash !== head.hash) await rewind()
      while ((chain.cursor()?.number ?? startBlock - 1n) < head.number) {
        if (signal?.aborted === true) break
        await advance(head)
      }
      return { ...headerOf(head), baseFeePerGas: head.baseFeePerGas ?? 0n }
    },
  }
}

function headerOf({ number, hash, timestamp }: KnownBlock): Header {
  return { number, hash, timestamp }
}

async function blockAt(client: PublicClient, blockNumber: bigint): Promise<KnownBlock> {
  return (await client.getBlock({ blockNumber })) as KnownBlock
}

/** Nothing where the chain has become shorter; a node that does not answer is another matter. */
async function hashAt(client: PublicClient, blockNumber: bigint) {
  try {
    return (await blockAt(client, blockNumber)).hash
  } catch (error) {
    if (error instanceof BlockNotFoundError) return undefined
    throw error
  }
}

function entryOf(log: Log<bigint, number, false>, blockTimestamp: bigint): ChainLogEntry {
  const { blockNumber, logIndex, address, topics, data } = log
  return {
    blockNumber,
    blockTimestamp,
    logIndex,
    address: address.toLowerCase() as Address,
    topics: topics as ChainLogEntry['topics'],
    data,
  }
}
