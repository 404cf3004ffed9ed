import { type Address, type Block, BlockNotFoundError, type Log, type PublicClient } from 'viem'

import type { ChainLogEntry, Header } from '../journal/createChainLog.ts'

/** A block that exists. */
export type KnownBlock = Block<bigint, false, 'latest'>

/** A block, and the events of the contracts in it and in those before it that were not read yet. */
export type ReadBlock = { block: KnownBlock; entries: ChainLogEntry[] }

export type ReadOldBlocksParameters = {
  addresses: readonly Address[]
  from: bigint
  to: bigint
}

/** Reads the events of blocks that cannot change any more, with the last of the blocks. */
export async function readOldBlocks(
  client: PublicClient,
  { addresses, from, to }: ReadOldBlocksParameters,
): Promise<ReadBlock> {
  const block = await readBlock(client, to)
  const logs = await client.getLogs({ address: [...addresses], fromBlock: from, toBlock: to })
  const numbers = new Set(logs.map(({ blockNumber }) => blockNumber))
  const blocks = await Promise.all([...numbers].map((number) => readBlock(client, number)))
  const timestamps = new Map(blocks.map(({ number, timestamp }) => [number, timestamp]))
  const entries = logs.map((log) => entryOf(log, timestamps.get(log.blockNumber)!))
  return { block, entries }
}

export type ReadNewBlocksParameters = {
  addresses: readonly Address[]
  from: bigint
  /** The newest block. */
  head: KnownBlock
  /** Hash of the block before `from`; nothing where none is known. */
  parentHash: string | undefined
}

/** New blocks read at a time. */
const maxParallel = 16

/**
 * Reads the next blocks that may still change, each the child of the one before; none if the first is not the child of
 * `parentHash`. Events are asked for by the hash of their block, so they cannot be those of another one.
 */
export async function readNewBlocks(
  client: PublicClient,
  { addresses, from, head, parentHash }: ReadNewBlocksParameters,
): Promise<ReadBlock[]> {
  const count = Math.min(Number(head.number - from) + 1, maxParallel)
  const numbers = Array.from({ length: count }, (_, i) => from + BigInt(i))
  const blocks = await prefixOf(
    numbers.map((number) =>
      number === head.number ? Promise.resolve(head) : readBlock(client, number),
    ),
  )
  const chained = chainedTo(parentHash, blocks)
  const logs = await prefixOf(
    chained.map(({ hash: blockHash }) => client.getLogs({ address: [...addresses], blockHash })),
  )
  return logs.map((found, i) => {
    const block = chained[i]!
    return { block, entries: found.map((log) => entryOf(log, block.timestamp)) }
  })
}

/** Reads one block. */
export async function readBlock(client: PublicClient, blockNumber: bigint): Promise<KnownBlock> {
  // Without `pending`, every block has a number and a hash.
  return (await client.getBlock({ blockNumber })) as KnownBlock
}

/** Reads the hash of a block: nothing where the chain is shorter. A node that does not answer is another matter. */
export async function readHash(client: PublicClient, blockNumber: bigint) {
  try {
    return (await readBlock(client, blockNumber)).hash
  } catch (error) {
    if (error instanceof BlockNotFoundError) return undefined
    throw error
  }
}

/** Returns what of a block the journal keeps. */
export function headerOf({ number, hash, timestamp }: KnownBlock): Header {
  return { number, hash, timestamp }
}

/** Returns what came before the first failure, so that a node which fails now and then still gets somewhere. */
async function prefixOf<result>(promises: readonly Promise<result>[]): Promise<result[]> {
  const settled = await Promise.allSettled(promises)
  const end = settled.findIndex(({ status }) => status === 'rejected')
  const failure = settled[end]
  if (end === 0 && failure?.status === 'rejected') throw failure.reason
  const prefix = end === -1 ? settled : settled.slice(0, end)
  return prefix.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
}

/** Returns the blocks up to the first that is not the child of the one before. */
function chainedTo(parentHash: string | undefined, blocks: readonly KnownBlock[]): KnownBlock[] {
  let parent = parentHash
  const end = blocks.findIndex((block) => {
    const isChained = parent === undefined || block.parentHash === parent
    parent = block.hash
    return !isChained
  })
  return blocks.slice(0, end === -1 ? blocks.length : end)
}

function entryOf(log: Log<bigint, number, false>, blockTimestamp: bigint): ChainLogEntry {
  const { blockNumber, logIndex, address, topics, data } = log
  return {
    blockNumber,
    blockTimestamp,
    logIndex,
    address: address.toLowerCase() as Address,
    // An event of a contract of ours has a topic at least: none is anonymous.
    topics: topics as ChainLogEntry['topics'],
    data,
  }
}
