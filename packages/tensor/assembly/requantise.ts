/** Half of 2^31 in both 64-bit lanes: what rounds a shift by 31 bits to the nearest. */
function half(): v128 {
  return i64x2.splat(0x40000000)
}

/** Low 32 bits of the four 64-bit lanes of `low` and `high`, shifted right by 31. */
function shift31(low: v128, high: v128): v128 {
  const a = i64x2.shr_u(i64x2.add(low, half()), 31)
  const b = i64x2.shr_u(i64x2.add(high, half()), 31)
  return i8x16.shuffle(a, b, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27)
}

/**
 * Requantises four int32 as TFLite's reference kernels do, with double rounding, exactly.
 *
 * `up` is 2^shift of a positive shift, else 1; `down` is 2^(31 + shift) of a negative one, else 2^31. The first product
 * is rounded with ties upwards: floor((p + 2^30) / 2^31), of which 32 bits are kept, so that a logical shift serves. The
 * second is taken of magnitudes, so that ties go away from zero. Both 64-bit products are exact.
 */
export function requantise(acc: v128, multiplier: v128, up: v128, down: v128): v128 {
  const x = i32x4.mul(acc, up)
  const least = i32x4.splat(i32.MIN_VALUE)
  const saturated = v128.and(i32x4.eq(x, least), i32x4.eq(multiplier, least))
  const high = v128.xor(
    shift31(i64x2.extmul_low_i32x4_s(x, multiplier), i64x2.extmul_high_i32x4_s(x, multiplier)),
    saturated,
  )
  const sign = i32x4.shr_s(high, 31)
  const magnitude = i32x4.abs(high)
  const rounded = shift31(
    i64x2.extmul_low_i32x4_u(magnitude, down),
    i64x2.extmul_high_i32x4_u(magnitude, down),
  )
  return i32x4.sub(v128.xor(rounded, sign), sign)
}

/** Clamps int32 to `least`…`greatest`, which are relative to the zero point, and adds the zero point. */
export function clamp(values: v128, least: v128, greatest: v128, zero: v128): v128 {
  return i32x4.add(i32x4.min_s(i32x4.max_s(values, least), greatest), zero)
}

/** Narrows four vectors of int32 from 0 to 255 to sixteen bytes. */
export function toBytes(a: v128, b: v128, c: v128, d: v128): v128 {
  return i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d))
}
