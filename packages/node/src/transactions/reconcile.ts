import { parseTransaction, type TransactionReceipt, TransactionReceiptNotFoundError } from 'viem'

import type { Intent, SignedTransaction } from '../journal/intent.ts'
import { broadcast } from './broadcast.ts'
import { bumpFees, suggestFees } from './fees.ts'
import { type Revert, revertOf } from './revert.ts'
import { sign } from './sign.ts'
import type { Head, WriterContext } from './writer.ts'

export type ReconcileParameters = {
  head: Head
  /** Nonces spent on chain. */
  spent: number
  /** What the node suggests as tip. */
  suggestedTip: bigint
}

/**
 * Compares every intent that holds a nonce with the chain, and moves it on or helps it along. Where the node does not
 * answer nothing changes.
 */
export async function reconcile(context: WriterContext, parameters: ReconcileParameters) {
  const { intents } = context
  await fillGaps(context, parameters)
  for (const intent of intents.live()) {
    const transactions = intents.transactionsOf(intent)
    const receipt = await receiptOf(context, transactions)
    if (receipt === undefined) await pursue(context, intent, parameters)
    else await settle(context, intent, receipt, parameters.head)
  }
}

async function receiptOf({ client }: WriterContext, transactions: SignedTransaction[]) {
  const receipts = await Promise.all(
    transactions.map(({ hash }) =>
      client.getTransactionReceipt({ hash }).catch((error: unknown) => {
        if (error instanceof TransactionReceiptNotFoundError) return undefined
        throw error
      }),
    ),
  )
  return receipts.find((receipt) => receipt !== undefined)
}

/**
 * Hands out again what a deep reorganisation took back from intents that were closed: as long as their nonces are
 * open, nothing after them can be mined.
 */
async function fillGaps(context: WriterContext, { spent }: ReconcileParameters) {
  const { intents } = context
  const live = new Set(intents.live().map(({ nonce }) => nonce))
  const lost = intents.transactionsFrom(spent).filter(({ nonce }) => !live.has(nonce))
  for (const transaction of lost) {
    if ((await receiptOf(context, [transaction])) !== undefined) continue
    const intent = intents.get(transaction.intentId)
    if (intent.state === 'final' && intent.nonce === transaction.nonce) {
      resurrect(context, intent)
    } else if (isDue(context, transaction)) {
      await broadcast(context, { intent, transaction })
    }
  }
}

/** Takes an intent back to `sent`, and has its transaction handed out at once. */
function resurrect({ intents, observe, broadcasts }: WriterContext, intent: Intent) {
  for (const { hash } of intents.transactionsOf(intent)) broadcasts.delete(hash)
  intents.unmined(intent.id)
  observe({ type: 'reorganised', intent: intents.get(intent.id) })
}

/** Takes note of a receipt, and closes the intent once it is deep enough. */
async function settle(
  context: WriterContext,
  intent: Intent,
  receipt: TransactionReceipt,
  head: Head,
) {
  const { intents, policy, observe } = context
  const { transactionHash: hash, blockNumber } = receipt
  if (intent.minedHash !== hash || intent.minedBlock !== blockNumber) {
    intents.mined(intent.id, hash, blockNumber)
    observe({ type: 'mined', intent: intents.get(intent.id), hash })
  }
  if (head.number - blockNumber + 1n < BigInt(policy.confirmations)) return
  const transaction = intents.transactionsOf(intent).find((candidate) => candidate.hash === hash)!
  if (transaction.isCancellation) {
    intents.drop(intent.id, intent.reason ?? 'cancelled')
    observe({ type: 'dropped', intent: intents.get(intent.id) })
  } else if (receipt.status === 'success') {
    intents.finalise(intent.id)
    observe({ type: 'final', intent: intents.get(intent.id), gasUsed: receipt.gasUsed })
  } else {
    await settleReverted(context, intent, blockNumber)
  }
}

async function settleReverted(context: WriterContext, intent: Intent, blockNumber: bigint) {
  const { intents, afterRevert, observe } = context
  const revert = await replay(context, intent, blockNumber)
  const next = afterRevert(intent, revert)
  if (next === 'retry') intents.replan(intent.id, revert.text)
  else intents.abandon(intent.id, revert.text)
  observe({ type: 'reverted', intent: intents.get(intent.id), revert, next })
}

/**
 * Asks why a mined transaction reverted. At the end of its own block the clock is the same, and what others did
 * before it is done; it left nothing behind itself.
 */
async function replay(
  context: WriterContext,
  intent: Intent,
  blockNumber: bigint,
): Promise<Revert> {
  const { client, account } = context
  const { to, data } = intent
  try {
    await client.call({ account: account.address, to, data, blockNumber })
    return { name: 'Unknown', text: 'the same call succeeds at the end of its block' }
  } catch (error) {
    const revert = revertOf(error)
    if (revert === undefined) throw error
    return revert
  }
}

/** Helps along an intent without a receipt. */
async function pursue(context: WriterContext, intent: Intent, parameters: ReconcileParameters) {
  const { intents, review } = context
  const { spent } = parameters
  if (intent.state === 'mined') resurrect(context, intent)
  if (intent.nonce! < spent) return giveUpNonce(context, intent, parameters)
  const reviewed = intent.isCancelled ? undefined : await review(intent)
  if (reviewed?.verdict === 'abandon') {
    intents.cancel(intent.id, reviewed.reason)
    return replace(context, intents.get(intent.id), parameters)
  }
  const latest = intents.transactionsOf(intent).at(-1)!
  if (isStale(context, latest, parameters)) return replace(context, intent, parameters)
  if (isDue(context, latest)) await broadcast(context, { intent, transaction: latest })
}

/** Plans an intent again whose nonce something else has spent, once that is as deep as a final transaction. */
async function giveUpNonce(context: WriterContext, intent: Intent, { head }: ReconcileParameters) {
  const { client, account, intents, policy, observe } = context
  const depth = BigInt(policy.confirmations - 1)
  const blockNumber = head.number > depth ? head.number - depth : 0n
  const settled = await client.getTransactionCount({ address: account.address, blockNumber })
  if (intent.nonce! >= settled) return
  const revert = { name: 'NonceTaken', text: `nonce ${intent.nonce} was spent on something else` }
  if (intent.isCancelled) intents.abandon(intent.id, intent.reason ?? revert.text)
  else intents.replan(intent.id, revert.text)
  const next = intent.isCancelled ? 'abandon' : 'retry'
  observe({ type: 'reverted', intent: intents.get(intent.id), revert, next })
}

/** Signs the intent's nonce again, with higher fees. */
async function replace(context: WriterContext, intent: Intent, parameters: ReconcileParameters) {
  const { intents, policy, observe } = context
  const { head, suggestedTip } = parameters
  const latest = intents.transactionsOf(intent).at(-1)!
  const { baseFeePerGas } = head
  const suggested = suggestFees({ baseFeePerGas, suggestedTip, limits: policy.fees })
  const fees = bumpFees({ previous: latest, suggested, limits: policy.fees })
  if (fees === undefined) {
    if (!isDue(context, latest)) return
    observe({ type: 'capped', intent })
    return broadcast(context, { intent, transaction: latest })
  }
  const { gas = 0n } = parseTransaction(latest.raw)
  const hash = await sign(context, { intent, nonce: intent.nonce!, fees, gas })
  observe({ type: 'bumped', intent, hash })
  const transaction = intents.transactionsOf(intent).at(-1)!
  await broadcast(context, { intent: intents.get(intent.id), transaction })
}

/** Whether a transaction is the next in line and has waited too long for its fees. */
function isStale(
  { clock, policy }: WriterContext,
  { nonce, signedAt }: SignedTransaction,
  { spent }: ReconcileParameters,
) {
  return nonce === spent && clock.now() - signedAt >= policy.bumpAfterMs
}

function isDue({ broadcasts, clock, policy }: WriterContext, { hash }: SignedTransaction) {
  const last = broadcasts.get(hash)
  return last === undefined || clock.elapsed() - last >= policy.rebroadcastAfterMs
}
