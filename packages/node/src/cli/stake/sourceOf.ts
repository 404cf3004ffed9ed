import type { Deployment } from '@assay/protocol'
import type { Address } from 'viem'

import type { ChainOptions } from '../chain/options.ts'

/** What stake stands behind: an operator's answers, or an auditor's confirmations. */
export const stakeUses = ['answers', 'audits'] as const

export type StakeUse = (typeof stakeUses)[number]

export type StakeOptions = ChainOptions & { for: StakeUse }

/** Returns the contract that may slash stake for a use. */
export function sourceOf({ audits, market }: Deployment, use: StakeUse): Address {
  return use === 'audits' ? audits : market
}
