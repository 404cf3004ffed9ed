import { z } from 'zod'

import { uintField } from './fields.ts'

/** Shape of what a model costs with an operator, in token units. */
export const priceSchema = z.object({
  perRequest: uintField(128),
  perMillionIn: uintField(128),
  perMillionOut: uintField(128),
})

export type Price = z.output<typeof priceSchema>

export type Usage = {
  /** Tokens, pixels or elements that the model read. */
  unitsIn: bigint
  /** The same of what it wrote. */
  unitsOut: bigint
}

const million = 1_000_000n

/** Returns what an answer costs, in token units, rounded up. */
export function feeOf(price: Price, { unitsIn, unitsOut }: Usage): bigint {
  const units = unitsIn * price.perMillionIn + unitsOut * price.perMillionOut
  return price.perRequest + (units + million - 1n) / million
}

export type QuoteOfParameters = {
  price: Price
  /** Bytes of the request's body: no tokenizer in use makes more tokens than that, besides what its template adds. */
  requestBytes: number
  /** Most units that the request lets the model write. */
  maxUnitsOut: number
}

/** Tokens that a chat's template may add to a request, whatever it says. */
const templateUnits = 256n

/**
 * Returns the most that an answer may cost, in token units, which both sides compute before it is asked for. A receipt
 * charges no more, whatever the upstream counts.
 */
export function quoteOf({ price, requestBytes, maxUnitsOut }: QuoteOfParameters): bigint {
  const unitsIn = BigInt(requestBytes) + templateUnits
  return feeOf(price, { unitsIn, unitsOut: BigInt(maxUnitsOut) })
}
