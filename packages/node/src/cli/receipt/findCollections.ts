import type { Outcome } from '@assay/protocol/receipt'
import { type FoundBatch, findBatches, getBatchStatus } from '@assay/sdk'
import { isAddressEqual } from 'viem'

import type { Scene } from '../chain/onChain.ts'
import type { BoundReceipt } from './bindReceipt.ts'

/** What a batch took from the tab of a receipt's channel. */
export type FoundCollection = FoundBatch & {
  /** Place among the outcomes. */
  outcome: number
  collection: Outcome
  /** `Unknown` once its slot was used again. */
  status: 'Unknown' | 'Settled' | 'Released'
}

/** Finds what was collected in a receipt's channel, oldest first; of one batch, if its number is given. */
export async function findCollections(
  { client, deployment }: Pick<Scene, 'client' | 'deployment'>,
  { document }: Pick<BoundReceipt, 'document'>,
  number?: bigint,
): Promise<FoundCollection[]> {
  const { operator, payer } = document.receipt
  const batches = await findBatches(client, { deployment, operator, payer })
  const named = batches.filter(({ batch }) => number === undefined || batch.number === number)
  const found = named.map(async (entry) => {
    const status = await getBatchStatus(client, { deployment, batch: entry.batch })
    return entry.collected.flatMap((collection, outcome): FoundCollection[] => {
      const isOurs = collection.status === 'Collected' && isAddressEqual(collection.payer, payer)
      return isOurs ? [{ ...entry, outcome, collection, status }] : []
    })
  })
  return (await Promise.all(found)).flat()
}
