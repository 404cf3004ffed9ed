import { quoteOf } from '@assay/protocol/http'

import type { Offer } from '../catalog/upstream.ts'
import type { AskedRequest } from '../http/readRequest.ts'

/** Returns the most that an answer may cost, in token units (docs/protocol/http.md). */
export function quoteFor(
  offer: Pick<Offer, 'price' | 'maxUnitsOut'>,
  { bytes, task, choices, maxUnits }: Pick<AskedRequest, 'bytes' | 'task' | 'choices' | 'maxUnits'>,
): bigint {
  const { price } = offer
  const each = task === 'chat' ? Math.min(maxUnits ?? offer.maxUnitsOut, offer.maxUnitsOut) : 1
  const maxUnitsOut = task === 'embeddings' || task === 'infer' ? offer.maxUnitsOut : each * choices
  return quoteOf({ price, requestBytes: bytes.length, maxUnitsOut })
}
