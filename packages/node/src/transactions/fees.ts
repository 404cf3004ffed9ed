/** Fees of an EIP-1559 transaction, in wei per gas. */
export type Fees = { maxFeePerGas: bigint; maxPriorityFeePerGas: bigint }

export type FeeLimits = {
  /** Never more than this is offered. */
  maxFeePerGas: bigint
  /** Tip where the node suggests less. */
  minPriorityFeePerGas: bigint
}

export type SuggestFeesParameters = {
  baseFeePerGas: bigint
  /** What the node suggests as tip. */
  suggestedTip: bigint
  limits: FeeLimits
}

/** Returns the fees of a first transaction: enough for six full blocks in a row. */
export function suggestFees({ baseFeePerGas, suggestedTip, limits }: SuggestFeesParameters): Fees {
  const tip = maxOf(suggestedTip, limits.minPriorityFeePerGas)
  const maxFeePerGas = minOf(baseFeePerGas * 2n + tip, limits.maxFeePerGas)
  return { maxFeePerGas, maxPriorityFeePerGas: minOf(tip, maxFeePerGas) }
}

export type BumpFeesParameters = {
  previous: Fees
  /** What a first transaction would offer now. */
  suggested: Fees
  limits: FeeLimits
}

/**
 * Returns the fees of a replacement: each at least an eighth higher, as nodes require. Returns nothing if that would
 * pass the limit.
 *
 * @example
 * bumpFees({ previous: { maxFeePerGas: 80n, maxPriorityFeePerGas: 8n }, suggested, limits })
 * // { maxFeePerGas: 90n, maxPriorityFeePerGas: 9n }
 */
export function bumpFees({ previous, suggested, limits }: BumpFeesParameters): Fees | undefined {
  const maxFeePerGas = maxOf(raised(previous.maxFeePerGas), suggested.maxFeePerGas)
  if (maxFeePerGas > limits.maxFeePerGas) return undefined
  const tip = maxOf(raised(previous.maxPriorityFeePerGas), suggested.maxPriorityFeePerGas)
  return { maxFeePerGas, maxPriorityFeePerGas: minOf(tip, maxFeePerGas) }
}

function raised(fee: bigint) {
  return (fee * 9n + 7n) / 8n
}

function maxOf(a: bigint, b: bigint) {
  return a > b ? a : b
}

function minOf(a: bigint, b: bigint) {
  return a < b ? a : b
}
