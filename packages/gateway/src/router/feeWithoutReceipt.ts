import { feeOf } from '@assay/protocol/http'

import type { Offer } from '../catalog/upstream.ts'
import type { RoutedRequest } from './answer.ts'

/** Bytes that make a token of text, where nobody counted. */
const bytesPerUnit = 4

/**
 * Returns what an answer without a receipt counts for in a budget, in token units: by the provider's own count, else
 * by an estimate from bytes and events.
 */
export function feeWithoutReceipt(
  { price }: Pick<Offer, 'price'>,
  { bytes }: Pick<RoutedRequest, 'bytes'>,
  usage: unknown,
  events: number,
): bigint {
  const counted = (usage ?? {}) as { prompt_tokens?: unknown; completion_tokens?: unknown }
  const units = (value: unknown, estimate: number) =>
    BigInt(Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : estimate)
  return feeOf(price, {
    unitsIn: units(counted.prompt_tokens, Math.ceil(bytes.length / bytesPerUnit)),
    unitsOut: units(counted.completion_tokens, events),
  })
}
