const minInt32 = -(2 ** 31)

/** Returns `a · b / 2^31` of two int32, rounded to nearest with ties towards plus infinity (gemmlowp). */
export function saturatingRoundingDoublingHighMul(a: number, b: number): number {
  if (a === minInt32 && b === minInt32) return 2 ** 31 - 1

  // a · b needs up to 63 bits. In halves of b every product stays below 2^48, where doubles are exact, and since
  // flooring twice is flooring once, floor((a·b + 2^30) / 2^31) comes out exactly.
  const high = a * (b >> 16)
  const low = a * (b & 0xffff) + 2 ** 30
  return Math.floor((high + Math.floor(low / 2 ** 16)) / 2 ** 15)
}
