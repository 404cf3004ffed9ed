import type { Address } from 'viem'

import type { AssayClient, ReadParameters } from '../client.ts'
import { accountOf } from '../internal/accountOf.ts'
import { readLedger } from '../internal/ledger.ts'

export type GetTabParameters = ReadParameters & {
  operator: Address
  /** Whose tab; the client's account by default. */
  payer?: Address | undefined
}

export type GetTabReturnType = {
  /** Sums over the channel's life, in token units. */
  funded: bigint
  spent: bigint
  /** What is in the tab: their difference. */
  left: bigint
  /** Unix time in seconds from which it can be closed and not collected; undefined if it does not thaw. */
  thawedAt: bigint | undefined
  /** How often it was closed. */
  epoch: number
}

/** Returns what a payer set aside for an operator. */
export async function getTab(
  client: AssayClient,
  parameters: GetTabParameters,
): Promise<GetTabReturnType> {
  const payer = parameters.payer ?? accountOf(client).address
  const args = [payer, parameters.operator] as const
  const tab = await readLedger(client, parameters, { functionName: 'tabOf', args })
  const { funded, spent, thawedAt, epoch } = tab
  const end = thawedAt === 0n ? undefined : thawedAt
  return { funded, spent, left: funded - spent, thawedAt: end, epoch }
}
