import {
  type Deployment,
  escrowAbi,
  jobMarketAbi,
  operatorStakingAbi,
  tokenAbi,
} from '@assay/protocol'
import { formatUnits, type Hash } from 'viem'
import { readContract } from 'viem/actions'

import type { Cast, Name, Player } from './cast.ts'

/** What a player has, in token units. */
export type Balances = {
  wallet: bigint
  /** Free, with the market and with the verifier. */
  escrow: bigint
  /** Free, active, pending and thawing. */
  stake: bigint
  /** Earned and not collected, or rewarded and not withdrawn. */
  due: bigint
}

/** Reads what a player has, from the contracts. */
export async function balancesOf(
  { client, address }: Player,
  deployment: Deployment,
  model: Hash,
): Promise<Balances> {
  const { token, escrow, staking, market, tensorVerifier } = deployment
  const held = (spender: Hash) =>
    readContract(client, {
      abi: escrowAbi,
      address: escrow,
      functionName: 'balanceOf',
      args: [address, spender],
    })
  const stakes = { abi: operatorStakingAbi, address: staking } as const
  const [wallet, jobs, bonds, free, allocation, rewards, exposure] = await Promise.all([
    readContract(client, {
      abi: tokenAbi,
      address: token,
      functionName: 'balanceOf',
      args: [address],
    }),
    held(market),
    held(tensorVerifier),
    readContract(client, { ...stakes, functionName: 'freeOf', args: [address] }),
    readContract(client, {
      ...stakes,
      functionName: 'allocationOf',
      args: [market, model, address],
    }),
    readContract(client, { ...stakes, functionName: 'rewardOf', args: [address] }),
    readContract(client, {
      abi: jobMarketAbi,
      address: market,
      functionName: 'exposureOf',
      args: [model, address],
    }),
  ])
  return {
    wallet,
    escrow: jobs + bonds,
    stake: free + allocation.active + allocation.pending + allocation.thawing,
    due: rewards + exposure.earned,
  }
}

export type Snapshot = Partial<Record<Name, Balances>>

/** Reads what several players have. */
export async function snapshot(
  cast: Cast,
  names: readonly Name[],
  deployment: Deployment,
  model: Hash,
): Promise<Snapshot> {
  const entries = names.map(async (name) => [name, await balancesOf(cast[name], deployment, model)])
  return Object.fromEntries(await Promise.all(entries)) as Snapshot
}

export const dollars = (amount: bigint) => Number(formatUnits(amount, 6)).toFixed(2)

export const totalOf = ({ wallet, escrow, stake, due }: Balances) => wallet + escrow + stake + due

/** Rows of a table that shows balances before and after. */
export function balanceRows(before: Snapshot, after: Snapshot): string[][] {
  return Object.entries(after).map(([name, now]) => {
    const then = before[name as Name]!
    const change = totalOf(now) - totalOf(then)
    const cells = (['wallet', 'escrow', 'stake', 'due'] as const).map((key) =>
      then[key] === now[key] ? dollars(now[key]) : `${dollars(then[key])} → ${dollars(now[key])}`,
    )
    return [name, ...cells, `${change > 0n ? '+' : ''}${dollars(change)}`]
  })
}
