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
}

type Place = Pick<Scene, 'client' | 'deployment'>

/** Finds what was collected in a receipt's channel, oldest first; of one batch, if its number is given. */
export async function findCollections(
  { client, deployment }: Place,
  { document }: Pick<BoundReceipt, 'document'>,
  number?: bigint,
): Promise<FoundCollection[]> {
  const { operator, payer } = document.receipt
  const batches = await findBatches(client, { deployment, operator, payer })
  return batches
    .filter(({ batch }) => number === undefined || batch.number === number)
    .flatMap((entry) =>
      entry.collected.flatMap((collection, outcome) => {
        const isOurs = collection.status === 'Collected' && isAddressEqual(collection.payer, payer)
        return isOurs ? [{ ...entry, outcome, collection }] : []
      }),
    )
}

/** Returns where the batch of a collection stands; `Unknown` once its slot was used again. */
export function statusOf({ client, deployment }: Place, { batch }: FoundCollection) {
  return getBatchStatus(client, { deployment, batch })
}
