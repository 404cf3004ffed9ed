import { quoteOf } from '@assay/protocol/http'

import type { Offer } from '../catalog/upstream.ts'
import type { AskedRequest } from '../http/readRequest.ts'

/** Returns the most that an answer may cost, in token units (docs/protocol/http.md). */
export function quoteFor(
  offer: Pick<Offer, 'price' | 'maxUnitsOut'>,
  { bytes, task, choices, maxUnits }: Pick<AskedRequest, 'bytes' | 'task' | 'choices' | 'maxUnits'>,
): bigint {
  const { price } = offer
  const each = Math.min(maxUnits ?? offer.maxUnitsOut, offer.maxUnitsOut)
  const most = { chat: each * choices, images: choices, embeddings: 0, infer: offer.maxUnitsOut }
  return quoteOf({ price, requestBytes: bytes.length, maxUnitsOut: most[task] })
}
