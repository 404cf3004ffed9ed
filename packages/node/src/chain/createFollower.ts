import type { Address, Hash, PublicClient } from 'viem'

import type { ChainLog, ChainLogEntry, Header } from '../journal/createChainLog.ts'
import { ChainReplacedError, NodesDisagreeError } from './errors.ts'
import {
  headerOf,
  type KnownBlock,
  type ReadBlock,
  readHash,
  readNewBlocks,
  readOldBlocks,
} from './readBlocks.ts'

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
  onBlock: (header: Header, entries: readonly ChainLogEntry[]) => void
  /** Called after everything past `header` was forgotten. */
  onRewind: (header: Header) => void
}

/** The newest block there is. */
export type FollowedHead = Header & {
  baseFeePerGas: bigint
  /** Whether everything up to it is taken over. */
  isReached: boolean
}

export type Follower = {
  /** Takes over what the chain has added since, until `signal` aborts. */
  step: (signal: AbortSignal) => Promise<FollowedHead>
}

/**
 * Creates a reader of the chain that survives restarts, nodes that lag, and reorganisations: its cursor is the newest
 * block in the journal, and a block is taken over only on top of its own parent.
 */
export function createFollower(dependencies: FollowerDependencies): Follower {
  const { client, chain } = dependencies
  let heard: Hash | undefined
  return {
    async step(signal) {
      const head = await client.getBlock({ blockTag: 'latest' })
      if (head.hash !== heard) dependencies.onHead(headerOf(head))
      heard = head.hash
      // A lower head with a known hash is a node that lags, or a shorter chain that has yet to grow.
      const known = chain.headerAt(head.number)
      if (known !== undefined && known.hash !== head.hash) await rewind(dependencies)
      const isReached = () => (chain.cursor()?.number ?? -1n) >= head.number
      while (!isReached() && !signal.aborted) await advance(dependencies, head)
      const { baseFeePerGas } = head
      return { ...headerOf(head), baseFeePerGas: baseFeePerGas ?? 0n, isReached: isReached() }
    },
  }
}

/** Takes over the next old blocks at once, or the next new ones one by one. */
async function advance(dependencies: FollowerDependencies, head: KnownBlock) {
  const { client, chain, addresses, startBlock, depth, chunk } = dependencies
  const cursor = chain.cursor()
  const from = cursor === undefined ? startBlock : cursor.number + 1n
  const newestOld = head.number - BigInt(depth)
  if (from <= newestOld) {
    const end = from + BigInt(chunk) - 1n
    const to = end < newestOld ? end : newestOld
    return take(dependencies, await readOldBlocks(client, { addresses, from, to }))
  }
  const parentHash = cursor?.hash
  const blocks = await readNewBlocks(client, { addresses, from, head, parentHash })
  if (blocks.length === 0) return rewind(dependencies)
  for (const block of blocks) take(dependencies, block)
}

function take(dependencies: FollowerDependencies, { block, entries: found }: ReadBlock) {
  const { accept, chain, depth, onBlock } = dependencies
  const entries = found.filter(accept)
  const header = headerOf(block)
  chain.append(header, entries, depth * 2)
  onBlock(header, entries)
}

/** Forgets what is not on the chain any more. */
async function rewind({ client, chain, onRewind }: FollowerDependencies) {
  for (const header of chain.headers()) {
    if ((await readHash(client, header.number)) !== header.hash) continue
    // One node says that this block is not the chain's, another that it is: wait until they agree.
    if (header.hash === chain.cursor()!.hash) throw new NodesDisagreeError(header)
    chain.rewind(header.number)
    return onRewind(header)
  }
  throw new ChainReplacedError({ number: chain.cursor()!.number })
}
