import { blockOutputs, blockScales, finish } from './output'

/** Interleaves the first four int16 of two vectors. */
function low(a: v128, b: v128): v128 {
  return i16x8.shuffle(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
}

/** Interleaves the last four int16 of two vectors. */
function high(a: v128, b: v128): v128 {
  return i16x8.shuffle(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
}

/** Computes a block of channels at one place. */
function onePlace(
  place: usize,
  taps: usize,
  last: usize,
  weights: usize,
  scales: usize,
  out: usize,
  count: i32,
  output: u32,
): void {
  let acc0 = v128.load(scales)
  let acc1 = v128.load(scales, 16)
  let acc2 = v128.load(scales, 32)
  let acc3 = v128.load(scales, 48)
  let w = weights
  for (let tap = taps; tap < last; tap += 8) {
    const a = place + load<u32>(tap)
    const b = place + load<u32>(tap, 4)
    const a0 = v128.load(a)
    const b0 = v128.load(b)
    acc0 = i32x4.add(acc0, i32x4.dot_i16x8_s(low(a0, b0), v128.load(w)))
    acc1 = i32x4.add(acc1, i32x4.dot_i16x8_s(high(a0, b0), v128.load(w, 16)))
    const a1 = v128.load(a, 16)
    const b1 = v128.load(b, 16)
    acc2 = i32x4.add(acc2, i32x4.dot_i16x8_s(low(a1, b1), v128.load(w, 32)))
    acc3 = i32x4.add(acc3, i32x4.dot_i16x8_s(high(a1, b1), v128.load(w, 48)))
    w += 64
  }
  finish(out, acc0, acc1, acc2, acc3, scales, count, output)
}

/**
 * Convolves each channel of an image of int16 by itself and writes requantised bytes. A place of the output reads the
 * channels at 2 · `pairs` byte offsets at `taps`. Weights lie in blocks of 16 channels: for each pair of taps the two
 * weights of channel 0, of channel 1 …; everything else is as in `convolve`.
 */
export function convolveDepthwise(
  image: usize,
  lines: i32,
  columns: i32,
  lineStep: i32,
  columnStep: usize,
  taps: usize,
  pairs: i32,
  weights: usize,
  scales: usize,
  out: usize,
  channels: i32,
  output: u32,
): void {
  const last = taps + (pairs << 3)
  for (let first: i32 = 0; first < channels; first += blockOutputs) {
    const count = channels - first
    let target = out + first
    for (let line: i32 = 0; line < lines; line += 1) {
      let place = image + line * lineStep + (first << 1)
      for (let column: i32 = 0; column < columns; column += 1) {
        onePlace(place, taps, last, weights, scales, target, count, output)
        place += columnStep
        target += channels
      }
    }
    weights += pairs << 6
    scales += blockScales
  }
}
