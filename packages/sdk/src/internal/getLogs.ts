import { type Address, formatLog, type Hash, type Log, numberToHex, type RpcLog } from 'viem'

import type { AssayClient } from '../client.ts'

export type GetLogsParameters = {
  address: Address
  /** Per position: one topic, any of several, or any at all. */
  topics: (Hash | Hash[] | null)[]
  fromBlock: bigint
  toBlock: bigint
}

type MinedLog = Log<bigint, number, false>

/**
 * Returns logs of a range, however short a range the node is willing to search: what it refuses is halved.
 */
export async function getLogs(
  client: AssayClient,
  parameters: GetLogsParameters,
): Promise<MinedLog[]> {
  const { address, topics, fromBlock, toBlock } = parameters
  if (fromBlock > toBlock) return []
  try {
    const range = { fromBlock: numberToHex(fromBlock), toBlock: numberToHex(toBlock) }
    const logs: RpcLog[] = await client.request({
      method: 'eth_getLogs',
      params: [{ address, topics, ...range }],
    })
    return logs.map((log) => formatLog(log) as MinedLog)
  } catch (error) {
    if (toBlock - fromBlock < shortestRange) throw error
    const middle = (fromBlock + toBlock) / 2n
    const older = await getLogs(client, { ...parameters, toBlock: middle })
    return [...older, ...(await getLogs(client, { ...parameters, fromBlock: middle + 1n }))]
  }
}

/** Nodes that limit ranges allow at least this many blocks; a shorter range that fails has failed for another reason. */
const shortestRange = 500n
