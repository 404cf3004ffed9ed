import { receiptLedgerAbi } from '@assay/protocol'
import { encodeFunctionData } from 'viem'

import { nextTimestamp, type SeenHead } from '../daemon/blockClock.ts'
import { planEffect } from '../daemon/planEffect.ts'
import type { SettlingContext } from './settling.ts'

const maxAttempts = 10

/** Names the release of a batch. */
export function releaseKey(number: bigint) {
  return `${number}:release`
}

/** Plans to have batches paid out whose window has passed. */
export function planReleases(context: SettlingContext, head: SeenHead) {
  const { book, clock, deployment, operator, terms } = context
  const next = nextTimestamp(head, clock)
  for (const { batch, isReleased, settledAt } of book.ledgers.get(operator)?.batches.values() ??
    []) {
    if (isReleased || settledAt + terms.releaseWindow > next) continue
    const data = encodeFunctionData({
      ...{ abi: receiptLedgerAbi, functionName: 'release' },
      args: [batch],
    })
    const plan = { key: releaseKey(batch.number), to: deployment.ledger, data, subjects: [] }
    planEffect(context, { ...plan, kind: 'release' }, maxAttempts)
  }
}
