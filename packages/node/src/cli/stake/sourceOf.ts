import type { Deployment } from '@assay/protocol'
import { type Address, type Hash, zeroHash } from 'viem'

import type { ChainOptions } from '../chain/options.ts'

/** What stake stands behind: an operator's answers, an auditor's confirmations, or an operator's receipts. */
export const stakeUses = ['answers', 'audits', 'receipts'] as const

export type StakeUse = (typeof stakeUses)[number]

export type StakeOptions = ChainOptions & { for: StakeUse }

/** Receipts of all models are backed by one allocation: that of the model zero. */
export const allModels: Hash = zeroHash

/** Returns the contract that may slash stake for a use. */
export function sourceOf({ audits, ledger, market }: Deployment, use: StakeUse): Address {
  return { answers: market, audits, receipts: ledger }[use]
}
