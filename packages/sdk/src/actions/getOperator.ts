import { operatorStakingAbi } from '@assay/protocol'
import { type Address, encodeEventTopics, type Hex, parseEventLogs } from 'viem'
import { getBlockNumber } from 'viem/actions'

import type { AssayClient, ReadParameters } from '../client.ts'
import { getLogs } from '../internal/getLogs.ts'

export type GetOperatorParameters = ReadParameters & {
  operator: Address
  /** Block from which to search; the deployment's first by default. */
  fromBlock?: bigint | undefined
}

/** How an operator is reached and paid; undefined if it never registered. */
export type GetOperatorReturnType =
  | { signer: Address; payout: Address; encryptionKey: Hex; endpoint: string }
  | undefined

const abi = operatorStakingAbi
const eventName = 'OperatorRegistered'

/**
 * Returns an operator's newest record.
 *
 * @example
 * const record = await getOperator(client, { deployment, operator })
 * // record?.endpoint: "https://operator.example"
 */
export async function getOperator(
  client: AssayClient,
  parameters: GetOperatorParameters,
): Promise<GetOperatorReturnType> {
  const { deployment, operator, fromBlock = BigInt(deployment.startBlock) } = parameters
  const topics = encodeEventTopics({ abi, eventName, args: { operator } })
  const logs = await getLogs(client, {
    address: deployment.staking,
    topics,
    fromBlock,
    toBlock: await getBlockNumber(client, { cacheTime: 0 }),
  })
  const newest = parseEventLogs({ abi, eventName, logs }).at(-1)
  if (newest === undefined) return undefined
  const { signer, payout, encryptionKey, endpoint } = newest.args
  return { signer, payout, encryptionKey, endpoint }
}
