import { receiptLedgerAbi } from '@assay/protocol'
import {
  type Batch,
  batchOf,
  decodeOutcomes,
  type Outcome,
  refundBatch,
} from '@assay/protocol/receipt'
import { type Address, encodeEventTopics, type Hash, isAddressEqual, parseEventLogs } from 'viem'
import { getBlockNumber } from 'viem/actions'

import type { AssayClient, ReadParameters } from '../client.ts'
import { getLogs } from '../internal/getLogs.ts'

export type FindBatchesParameters = ReadParameters & {
  operator: Address
  /** Leaves only batches that name this payer. */
  payer?: Address | undefined
  /** Block from which to search; the deployment's first by default. */
  fromBlock?: bigint | undefined
}

const abi = receiptLedgerAbi

/** A batch as it is after all that was refunded of it: what penalties, refunds and the release take. */
export type FoundBatch = {
  batch: Batch
  /** Words of the outcomes. */
  outcomes: readonly bigint[]
  /** The same, read. */
  collected: Outcome[]
  /** keccak256 of the batch's data. */
  dataHash: Hash
  /** Transaction that settled it. */
  hash: Hash
}

/**
 * Returns the batches that an operator settled, oldest first, from events alone. Whether one is still in its slot says
 * `getBatchStatus`.
 *
 * @example
 * const found = await findBatches(client, { deployment, operator, payer })
 * const { batch, outcomes } = found.at(-1)!
 */
export async function findBatches(
  client: AssayClient,
  parameters: FindBatchesParameters,
): Promise<FoundBatch[]> {
  const { deployment, operator, payer, fromBlock = BigInt(deployment.startBlock) } = parameters
  const toBlock = await getBlockNumber(client, { cacheTime: 0 })
  const range = { address: deployment.ledger, fromBlock, toBlock }
  const args = { operator }
  const [settled, refunded] = await Promise.all([
    getLogs(client, {
      ...range,
      topics: encodeEventTopics({ abi, eventName: 'BatchSettled', args }),
    }),
    getLogs(client, {
      ...range,
      topics: encodeEventTopics({ abi, eventName: 'ReceiptRefunded', args }),
    }),
  ])
  const refunds = parseEventLogs({ abi, eventName: 'ReceiptRefunded', logs: refunded })
  const batches = parseEventLogs({ abi, eventName: 'BatchSettled', logs: settled }).map((log) => {
    const { number, dataHash, outcomes } = log.args
    const state = refunds
      .filter((refund) => refund.args.number === number)
      .reduce(refund, { batch: batchOf(log.args), outcomes })
    const collected = decodeOutcomes(state.outcomes)
    return { ...state, collected, dataHash, hash: log.transactionHash }
  })
  if (payer === undefined) return batches
  return batches.filter(({ collected }) =>
    collected.some((outcome) => isAddressEqual(outcome.payer, payer)),
  )
}

type State = Pick<FoundBatch, 'batch' | 'outcomes'>

function refund(before: State, log: { args: { outcome: bigint; amount: bigint } }): State {
  const { outcome, amount } = log.args
  return refundBatch({ ...before, outcome: Number(outcome), amount })
}
