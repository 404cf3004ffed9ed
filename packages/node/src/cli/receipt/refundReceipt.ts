import { receiptLedgerAbi } from '@assay/protocol'
import { getReceiptDispute, submit } from '@assay/sdk'
import { formatEther, isAddressEqual, parseEventLogs } from 'viem'

import { formatAmount } from '../chain/amounts.ts'
import type { Scene } from '../chain/onChain.ts'
import type { Report } from '../chain/report.ts'
import { type BoundReceipt, readBoundReceipt } from './bindReceipt.ts'
import { describePlace } from './describePlace.ts'
import { ReceiptStateError } from './errors.ts'
import { type FoundCollection, findCollections, statusOf } from './findCollections.ts'
import { priceOf } from './inflict.ts'
import { ledgerCall } from './ledgerCall.ts'
import type { BatchPenaltyOptions } from './proveOvercharge.ts'

/** Returns the fee of a receipt that a penalty struck to its payer, out of a batch that waits. */
export async function refundReceipt(
  scene: Scene,
  file: string,
  options: BatchPenaltyOptions,
): Promise<Report> {
  const { client, deployment } = scene
  scene.account()
  const bound = await readBoundReceipt(scene, file)
  const place = describePlace(bound)
  const dispute = await getReceiptDispute(client, { deployment, id: bound.id })
  if (dispute.isRefunded) {
    return {
      lines: [...place.lines, 'refunded before; nothing was sent'],
      data: { ...place.data, transaction: null },
    }
  }
  if (!dispute.isEquivocated && !dispute.isOmitted && !dispute.isRefuted) {
    throw new ReceiptStateError(
      `No penalty struck receipt ${bound.id}.`,
      'A fee comes back after equivocation, omission or refute.',
    )
  }
  const found = await findPending(scene, bound, options.batch)
  return refundFrom(scene, bound, found, options)
}

async function refundFrom(
  scene: Scene,
  bound: BoundReceipt,
  { batch, outcomes, outcome, collection }: FoundCollection,
  { dryRun }: Pick<BatchPenaltyOptions, 'dryRun'>,
): Promise<Report> {
  const { client, deployment, token, note } = scene
  const place = describePlace(bound)
  const { fee, payer } = bound.document.receipt
  const args = [bound.document.receipt, batch, outcomes, BigInt(outcome)] as const
  const call = ledgerCall(scene, 'refund', args)
  const { gas, cost } = await priceOf(scene, call)
  const refunds = (tokens: bigint) =>
    `  refunds    ${formatAmount(tokens, token)} to ${payer}, out of batch ${batch.number}`
  const amount = fee < collection.amount ? fee : collection.amount
  const intent = [
    ...place.lines,
    refunds(amount),
    `  costs      ${gas} gas, ${formatEther(cost)} ETH`,
  ]
  const data = { ...place.data, batch: batch.number, outcome }
  if (dryRun === true) {
    const lines = [...intent, 'nothing was sent']
    return { lines, data: { ...data, amount, gas, cost, transaction: null } }
  }
  note(intent.join('\n'))
  const { hash, receipt } = await submit(client, { deployment, ...call })
  const { logs } = receipt
  const [log] = parseEventLogs({ abi: receiptLedgerAbi, eventName: 'ReceiptRefunded', logs })
  const refunded = log?.args.amount ?? 0n
  return {
    lines: [...place.lines, refunds(refunded), `transaction ${hash}`],
    data: { ...data, amount: refunded, gas: receipt.gasUsed, transaction: hash },
  }
}

/** The batch out of which most can be refunded: only the payer may take less than the fee. */
async function findPending(
  scene: Scene,
  bound: BoundReceipt,
  number: bigint | undefined,
): Promise<FoundCollection> {
  const { cumulativeFee, fee, payer } = bound.document.receipt
  const isPayer = isAddressEqual(scene.account().address, payer)
  const candidates = (await findCollections(scene, bound, number))
    .filter(({ collection }) => {
      const isEnough = collection.amount >= fee || (isPayer && collection.amount > 0n)
      return collection.cumulativeFee >= cumulativeFee && isEnough
    })
    .sort((a, b) => (a.collection.amount > b.collection.amount ? -1 : 1))
  for (const found of candidates) {
    if ((await statusOf(scene, found)) === 'Settled') return found
  }
  throw new ReceiptStateError(
    `No batch that waits holds the fee of receipt ${bound.id}.`,
    'Refunds come out of money that waits: before its release, and no more than was collected.',
  )
}
