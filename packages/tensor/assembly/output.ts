import { clamp, requantise, toBytes } from './requantise'

/** Outputs that a block of packed weights holds. */
export const blockOutputs: i32 = 16

/** Bytes of what a block's outputs are requantised with: 16 biases, multipliers, left and right factors. */
export const blockScales: i32 = 256

/** Writes `count` of the bytes of `bytes`, which are at most 16. */
function put(out: usize, bytes: v128, count: i32): void {
  if (count >= blockOutputs) {
    v128.store(out, bytes)
    return
  }
  let rest = i64x2.extract_lane(bytes, 0)
  for (let i: i32 = 0; i < count; i += 1) {
    if (i === 8) rest = i64x2.extract_lane(bytes, 1)
    store<u8>(out + i, rest as u8)
    rest >>= 8
  }
}

/** Requantises and clamps four accumulators; `scales` points at their four biases. */
function scale(acc: v128, scales: usize, least: v128, greatest: v128, zero: v128): v128 {
  const multiplier = v128.load(scales, 64)
  const scaled = requantise(acc, multiplier, v128.load(scales, 128), v128.load(scales, 192))
  return clamp(scaled, least, greatest, zero)
}

/**
 * Requantises the 16 accumulators of one place and writes the first `count` of its bytes. `output` packs zero, clampMin
 * and clampMax, from the lowest byte.
 */
export function finish(
  out: usize,
  acc0: v128,
  acc1: v128,
  acc2: v128,
  acc3: v128,
  scales: usize,
  count: i32,
  output: u32,
): void {
  const zero = i32x4.splat(output & 0xff)
  const least = i32x4.sub(i32x4.splat((output >> 8) & 0xff), zero)
  const greatest = i32x4.sub(i32x4.splat(output >> 16), zero)
  const a = scale(acc0, scales, least, greatest, zero)
  const b = scale(acc1, scales + 16, least, greatest, zero)
  const c = scale(acc2, scales + 32, least, greatest, zero)
  const d = scale(acc3, scales + 48, least, greatest, zero)
  put(out, toBytes(a, b, c, d), count)
}
