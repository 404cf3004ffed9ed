/** Smallest bucket, in bytes. */
const leastBucket = 1024

/**
 * Returns the size to which a message of `length` bytes is padded: the next power of two, at least 1 KiB. Whoever relays
 * it learns the bucket and nothing finer.
 *
 * @example
 * bucketOf(1_500)
 * // 2048
 */
export function bucketOf(length: number): number {
  let bucket = leastBucket
  while (bucket < length) bucket *= 2
  return bucket
}

/** Bytes of which every piece of a sealed stream of events is a multiple. */
export const eventQuantum = 256

/** A comment takes a colon and two line feeds at least. */
const leastComment = 3

/**
 * Returns the comment that pads a piece of a stream of events (HTML, 9.2) to a multiple of 256 bytes: how long each token
 * is would otherwise tell much of the text.
 */
export function paddingComment(length: number): string {
  const total = Math.ceil((length + leastComment) / eventQuantum) * eventQuantum
  return `:${' '.repeat(total - length - leastComment)}\n\n`
}
