import { operatorStakingAbi } from '@assay/protocol'
import {
  type Address,
  decodeEventLog,
  encodeEventTopics,
  getAddress,
  type Hash,
  type Hex,
  padHex,
  zeroHash,
} from 'viem'
import { getBlockNumber } from 'viem/actions'

import type { AssayClient, ReadParameters } from '../client.ts'
import { getLogs } from '../internal/getLogs.ts'
import { getAllocation } from './getAllocation.ts'

export type ListOperatorsParameters = ReadParameters & {
  model: Hash
  /** Contract that the stake backs: the market by default, for operators; `deployment.audits` for auditors. */
  source?: Address | undefined
  /** Block from which to search; the deployment's first by default. */
  fromBlock?: bigint | undefined
}

/** An operator that may answer jobs of a model version. */
export type ListedOperator = {
  operator: Address
  /** Active stake on the version, in token units. */
  active: bigint
  /** Base URL of its HTTP interface; empty for none. */
  endpoint: string
  /** X25519 public key for sealed requests; undefined for none. */
  encryptionKey: Hex | undefined
}

/**
 * Returns the operators with active stake on a model version, the greatest stake first.
 *
 * @example
 * const operators = await listOperators(client, { deployment, model })
 */
export async function listOperators(
  client: AssayClient,
  parameters: ListOperatorsParameters,
): Promise<ListedOperator[]> {
  const { deployment, model, source = deployment.market } = parameters
  const { fromBlock = BigInt(deployment.startBlock) } = parameters
  const toBlock = await getBlockNumber(client, { cacheTime: 0 })
  const range = { address: deployment.staking, fromBlock, toBlock }
  const [activations, registrations] = await Promise.all([
    getLogs(client, {
      ...range,
      topics: [topicOf('StakeActivated'), null, padHex(source, { size: 32 }), model],
    }),
    getLogs(client, { ...range, topics: [topicOf('OperatorRegistered')] }),
  ])
  const records = new Map(registrations.map(({ data, topics }) => recordOf(data, topics)))
  const addresses = new Set(activations.map(({ topics }) => addressOf(topics[1]!)))
  const operators = await Promise.all(
    [...addresses].map(async (operator) => {
      const { active } = await getAllocation(client, { deployment, model, source, operator })
      const { endpoint = '', encryptionKey } = records.get(operator) ?? {}
      return { operator, active, endpoint, encryptionKey }
    }),
  )
  return operators
    .filter(({ active }) => active > 0n)
    .toSorted((a, b) => (a.active < b.active ? 1 : a.active > b.active ? -1 : 0))
}

function topicOf(eventName: 'StakeActivated' | 'OperatorRegistered'): Hash {
  const [topic] = encodeEventTopics({ abi: operatorStakingAbi, eventName })
  return topic!
}

function addressOf(topic: Hash): Address {
  return getAddress(`0x${topic.slice(-40)}`)
}

function recordOf(data: Hex, topics: [] | [Hash, ...Hash[]]) {
  const { args } = decodeEventLog({
    ...{ abi: operatorStakingAbi, eventName: 'OperatorRegistered', data, topics, strict: true },
  })
  const { operator, endpoint, encryptionKey: key } = args
  return [operator, { endpoint, encryptionKey: key === zeroHash ? undefined : key }] as const
}
