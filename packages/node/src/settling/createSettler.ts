import { type Deployment, receiptLedgerAbi } from '@assay/protocol'
import type { Hash, PublicClient } from 'viem'

import { nextTimestamp, type SeenHead } from '../daemon/blockClock.ts'
import type { OperatorContext } from '../operator/operator.ts'
import { createShortTeller } from './createShortTeller.ts'
import { createBatchPlanner } from './planBatch.ts'
import { planOpenings } from './planOpenings.ts'
import { planReleases } from './planReleases.ts'
import { recordOutcomes } from './recordOutcomes.ts'
import type { BatchPolicy, SettlingContext, SettlingTerms } from './settling.ts'

export type Settler = {
  /** Plans what the ledger is owed and owes. */
  plan: (head: SeenHead) => Promise<void>
  isBusy: () => boolean
}

/** Creates what settles an operator's receipts, collects for them, and opens those that are demanded. */
export function createSettler(context: OperatorContext, batchPolicy: BatchPolicy): Settler {
  let settling: { context: SettlingContext; planner: ReturnType<typeof createBatchPlanner> }
  let seen: { hash: Hash; isBusy: boolean } | undefined

  async function start() {
    const terms = await readTerms(context)
    const full = { ...context, batchPolicy, terms, tellShort: createShortTeller(context) }
    return { context: full, planner: createBatchPlanner(full) }
  }

  return {
    async plan(head) {
      settling ??= await start()
      const { planner } = settling
      const isBusy = planner.isBusy()
      // Within one block there is nothing new but what was being built.
      if (seen?.hash === head.hash && seen.isBusy === isBusy) return
      recordOutcomes(settling.context)
      planReleases(settling.context, head)
      const isDemanded = planOpenings(settling.context, head)
      if (!context.isDraining()) {
        await planner.plan(head, isDemanded || isRunningOut(settling.context, head))
      }
      seen = { hash: head.hash, isBusy: planner.isBusy() }
    },
    isBusy: () => settling?.planner.isBusy() ?? false,
  }
}

/** Seconds before a session key expires at which its channel is collected. */
const expirySeconds = 90n

/** Whether what a channel owes can soon not be collected any more. */
function isRunningOut(context: SettlingContext, head: SeenHead): boolean {
  const { book, clock, journal, operator, batchPolicy } = context
  const next = nextTimestamp(head, clock)
  const tabs = book.ledgers.get(operator)?.tabs
  return journal.channels.due().some(({ payer, voucher, refusal, cumulativeFee, collected }) => {
    if (voucher === undefined || refusal !== undefined) return false
    if (cumulativeFee - collected < batchPolicy.collectMinimum) return false
    const thawedAt = tabs?.get(payer)?.thawedAt ?? 0n
    const expiry = voucher.session?.expiry
    const expires = expiry !== undefined && expiry > next && expiry - next < expirySeconds
    return thawedAt > next || expires
  })
}

async function readTerms({
  client,
  deployment,
}: {
  client: PublicClient
  deployment: Deployment
}): Promise<SettlingTerms> {
  const terms = await client.readContract({
    ...{ address: deployment.ledger, abi: receiptLedgerAbi, functionName: 'terms' },
  })
  const { releaseWindow, horizon, demandWindow, responseWindow } = terms
  return {
    stakeRatioPpm: BigInt(terms.stakeRatioPpm),
    stakeFloor: terms.stakeFloor,
    releaseWindow: BigInt(releaseWindow),
    horizon: BigInt(horizon),
    slotSeconds: BigInt(horizon + demandWindow + responseWindow),
  }
}
