import type { Hash } from 'viem'

import { calldataGas } from './calldata.ts'
import type { GasChain } from './chain.ts'
import { stepsOf, writesOf } from './trace.ts'

/**
 * What the next hard fork would change, by the drafts of EIP-2780, 7976, 8037 and 8038 of August 2026. Drafts move:
 * these figures show which operations would suffer, not what they will cost.
 */
const next = {
  transaction: 15_000 - 21_000,
  newSlot: 110_020 - 22_100,
  update: 12_100 - 5_000,
  refundRatio: 11_616 / 4_800,
  floorBase: 15_000,
  floorPerByte: 64,
}

/** Largest part of a transaction that is refunded (EIP-3529). */
const MAX_REFUND = 1 / 5

/** Returns what a mined transaction would be charged by the drafts. */
export async function recostTransaction(chain: GasChain, hash: Hash): Promise<number> {
  const { input, to } = await chain.client.getTransaction({ hash })
  const { gasUsed } = await chain.client.getTransactionReceipt({ hash })
  if (to === null) throw new Error(`${hash} creates a contract`)

  const { intrinsic, size } = calldataGas(input)
  const steps = await stepsOf(chain, hash, to)
  const spent = steps.reduce((sum, { gas }) => sum + gas, intrinsic)
  const refund = Math.max(0, spent - Number(gasUsed))
  const writes = (await writesOf(chain, hash, to)).filter(({ before, after }) => before !== after)
  const created = writes.filter(({ before }) => before === 0n).length

  const charged =
    spent + next.transaction + created * next.newSlot + (writes.length - created) * next.update
  const refunded = Math.min(refund * next.refundRatio, charged * MAX_REFUND)
  const floor = next.floorBase + next.floorPerByte * size
  return Math.round(Math.max(charged - refunded, floor))
}
