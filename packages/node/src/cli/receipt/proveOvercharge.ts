import { decodeError, isRevert } from '@assay/sdk'

import { formatAmount } from '../chain/amounts.ts'
import type { Scene } from '../chain/onChain.ts'
import type { Report } from '../chain/report.ts'
import { exitCodes } from '../exitCodes.ts'
import { type BoundReceipt, readBoundReceipt } from './bindReceipt.ts'
import { describePlace } from './describePlace.ts'
import { ReceiptStateError } from './errors.ts'
import { type FoundCollection, findCollections, statusOf } from './findCollections.ts'
import { inflict, type PenaltyOptions } from './inflict.ts'
import { ledgerCall } from './ledgerCall.ts'
import { before } from './unlessBefore.ts'

export type BatchPenaltyOptions = PenaltyOptions & {
  /** Number of the batch; found by default. */
  batch?: bigint
}

/** Proves that a batch collected more at a place of a channel than the receipt there says. */
export async function proveOvercharge(
  scene: Scene,
  file: string,
  options: BatchPenaltyOptions,
): Promise<Report> {
  // Who has no key cannot send, and need not wait for the search.
  scene.account()
  const bound = await readBoundReceipt(scene, file)
  const { sequence, cumulativeFee } = bound.document.receipt
  const there = (await findCollections(scene, bound, options.batch)).filter(
    ({ collection }) => collection.sequence === sequence,
  )
  const over = there.filter(({ collection }) => collection.cumulativeFee > cumulativeFee)
  if (over.length === 0) return rightReport(bound, there.length)
  let about: Report | undefined
  for (const found of over) {
    const status = await statusOf(scene, found)
    if (status === 'Unknown') continue
    about = aboutOf(scene, bound, found, status === 'Settled')
    try {
      return await strike(scene, bound, { ...found, about }, options)
    } catch (error) {
      // Each batch is struck once for a receipt; another may have collected more there, too.
      if (!isRevert(decodeError(error), 'AlreadyProven')) throw error
    }
  }
  if (about !== undefined) return before(about)
  throw new ReceiptStateError(
    `The batch that collected more than receipt ${bound.id} says is in no slot any more.`,
    'A batch can be held against its operator until its slot is used again.',
  )
}

function rightReport(bound: BoundReceipt, count: number): Report {
  const { lines, data } = describePlace(bound)
  const fault = count === 0 ? 'no batch collected up to it' : 'no batch collected more than it says'
  return {
    lines: [...lines, `${fault}: there is nothing to prove`],
    data: { ...data, verdict: 'right' },
    exitCode: exitCodes.right,
  }
}

function strike(
  scene: Scene,
  bound: BoundReceipt,
  found: FoundCollection & { about: Report },
  options: BatchPenaltyOptions,
) {
  const { receipt } = bound.document
  const { about, batch, outcomes, outcome } = found
  return inflict(
    scene,
    {
      ...{ operator: receipt.operator, rewarded: scene.account().address },
      amount: found.collection.cumulativeFee - receipt.cumulativeFee,
      call: ledgerCall(scene, 'proveOvercharge', [
        ...([bound.document, batch, outcomes, BigInt(outcome)] as const),
      ]),
      about,
    },
    options,
  )
}

function aboutOf(
  { token }: Scene,
  bound: BoundReceipt,
  { batch, collection, outcome }: FoundCollection,
  isWaiting: boolean,
): Report {
  const { lines, data } = describePlace(bound)
  const excess = collection.cumulativeFee - bound.document.receipt.cumulativeFee
  const there = excess < collection.amount ? excess : collection.amount
  const refund = isWaiting ? there : 0n
  const money = (amount: bigint) => formatAmount(amount, token)
  return {
    lines: [
      ...lines,
      `  collected  ${money(excess)} more than it says, by batch ${batch.number}`,
      `  refunds    ${money(refund)} to the payer`,
    ],
    data: { ...data, batch: batch.number, outcome, excess, refund },
  }
}
