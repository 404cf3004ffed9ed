import { escrowAbi } from '@assay/protocol'
import { encodeFunctionData, isAddressEqual } from 'viem'

import type { AuditRecord } from '../book/records.ts'
import type { SeenHead } from '../daemon/blockClock.ts'
import { planEffect } from '../daemon/planEffect.ts'
import type { AuditorContext } from './createAuditor.ts'
import type { AuditReader } from './createAuditReader.ts'
import type { WatcherContext } from './watcher.ts'

/** Notes under which it is kept that a reward is not in the escrow any more. */
const takenTopic = 'auditRewardTaken'

/** Plans to take rewards out of the escrow that were credited to the account which sends: nobody else may. */
export async function planAuditRewards(
  context: AuditorContext,
  reader: Pick<AuditReader, 'escrowedOf'>,
  head: SeenHead,
) {
  const { account, book, deployment, journal } = context
  const { address } = account
  const owed = [...book.audits.values()].filter((audit) => isOwed(context, audit))
  if (owed.length === 0) return
  const escrowed = await reader.escrowedOf(address, head.number)
  const earned = owed.reduce((sum, { order }) => sum + order.reward, 0n)
  // The rest of the balance is a deposit that the account's own orders of audits are paid from.
  const amount = earned < escrowed ? earned : escrowed
  if (amount === 0n) {
    for (const { id } of owed) journal.notes.put(takenTopic, id, 'by hand')
    return
  }
  const call = { abi: escrowAbi, functionName: 'withdraw' } as const
  planEffect(context, {
    key: `${address}:audits:${head.number}`,
    kind: 'withdraw',
    to: deployment.escrow,
    data: encodeFunctionData({ ...call, args: [deployment.audits, amount, address] }),
    subjects: owed.map(({ id }) => id),
  })
}

/** Whether an audit's reward was credited to the account which sends, and is still to be taken. */
export function isOwed(
  { account, journal }: Pick<WatcherContext, 'account' | 'journal'>,
  { id, payout }: AuditRecord,
): boolean {
  if (payout === undefined || !isAddressEqual(payout, account.address)) return false
  return !journal.intents.isTaken('withdraw', id) && journal.notes.get(takenTopic, id) === undefined
}
