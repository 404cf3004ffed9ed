import {
  type Address,
  type Hex,
  parseSignature,
  signatureToCompactSignature,
  size,
  slice,
  zeroHash,
} from 'viem'

export type EncodeCollectionParameters = {
  payer: Address
  /** Receipt up to which the channel is collected. */
  sequence: bigint
  /** `cumulativeFee` of that receipt, in token units. */
  cumulativeFee: bigint
  /** Cap of the payer's voucher, in token units. */
  cap: bigint
  /** One more than the place of the voucher's authority; zero, if absent: the payer's key signed the voucher. */
  authority?: number
  /**
   * The key's signature of the voucher, 64 or 65 bytes; absent where a contract's, in the authority, stands for it. One that is
   * none becomes zeros: the ledger reports it as `NotSigned`, and the others go on.
   */
  signature?: Hex | undefined
}

/** A collection as `settle` takes it. */
export type Collection = {
  /** payer(160) authority(32) sequence(64), from high to low. */
  place: bigint
  /** cap(128) cumulativeFee(128), from high to low. */
  fees: bigint
  r: Hex
  vs: Hex
}

/**
 * Returns one payer's part of a batch in the four words that `settle` takes.
 *
 * @example
 * const collections = [encodeCollection({ payer, sequence: 4n, cumulativeFee: 12n, cap: 20n, signature })]
 */
export function encodeCollection(parameters: EncodeCollectionParameters): Collection {
  const { payer, sequence, cumulativeFee, cap, authority = 0, signature } = parameters
  return {
    place: (BigInt(payer) << 96n) | (BigInt(authority) << 64n) | sequence,
    fees: (cap << 128n) | cumulativeFee,
    ...(signature === undefined ? unsigned : compact(signature)),
  }
}

const unsigned = { r: zeroHash, vs: zeroHash } as const

/** Returns a signature as ERC-2098 has it. */
function compact(signature: Hex) {
  if (size(signature) === 64) return { r: slice(signature, 0, 32), vs: slice(signature, 32) }
  try {
    const { r, yParityAndS: vs } = signatureToCompactSignature(parseSignature(signature))
    return { r, vs }
  } catch {
    return unsigned
  }
}
