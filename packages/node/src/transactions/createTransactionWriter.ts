import { type ReconcileParameters, reconcile } from './reconcile.ts'
import { sendPlanned } from './sendPlanned.ts'
import type { Head, WriterContext, WriterDependencies } from './writer.ts'

export type TransactionWriter = {
  /** Sends what is planned, then compares what is in flight with the chain. One call at a time. */
  tick: (head: Head) => Promise<void>
  /** Whether any intent holds a nonce that is not spent for good. */
  isBusy: () => boolean
}

/**
 * Creates the only sender of an account: every transaction is stored before it is sent, nonces have no gaps, and what
 * happened is learnt from receipts and nonces, never from the error of a call.
 */
export function createTransactionWriter(dependencies: WriterDependencies): TransactionWriter {
  const { client, account, clock, intents, policy } = dependencies
  const context: WriterContext = { ...dependencies, broadcasts: new Map() }
  const address = account.address
  let nonces: ReconcileParameters | undefined
  let seen: { hash: string; at: number } | undefined

  /** Within one block there is nothing new to learn, but what a node lost is handed out again in time. */
  function isReconciled(head: Head) {
    if (seen?.hash !== head.hash) return false
    return clock.elapsed() - seen.at < policy.rebroadcastAfterMs
  }

  async function refresh(head: Head): Promise<ReconcileParameters> {
    const [spent, suggestedTip] = await Promise.all([
      client.getTransactionCount({ address }),
      client.estimateMaxPriorityFeePerGas().catch(() => policy.fees.minPriorityFeePerGas),
    ])
    return { head, spent, suggestedTip }
  }

  return {
    async tick(head) {
      nonces ??= await refresh(head)
      await sendPlanned(context, { ...nonces, head })
      if (isReconciled(head)) return
      nonces = await refresh(head)
      await reconcile(context, nonces)
      seen = { hash: head.hash, at: clock.elapsed() }
    },
    isBusy: () => intents.live().length > 0,
  }
}
