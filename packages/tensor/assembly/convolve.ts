import { blockOutputs, blockScales, finish } from './output'

/** Computes a block of outputs at two neighbouring places. */
function twoPlaces(
  places: usize,
  step: usize,
  taps: usize,
  runs: i32,
  runWeights: i32,
  weights: usize,
  scales: usize,
  out: usize,
  outStep: usize,
  count: i32,
  output: u32,
): void {
  const bias0 = v128.load(scales)
  const bias1 = v128.load(scales, 16)
  const bias2 = v128.load(scales, 32)
  const bias3 = v128.load(scales, 48)
  let a0 = bias0
  let a1 = bias1
  let a2 = bias2
  let a3 = bias3
  let b0 = bias0
  let b1 = bias1
  let b2 = bias2
  let b3 = bias3
  let w = weights
  const last = taps + (runs << 2)
  for (let tap = taps; tap < last; tap += 4) {
    let a = places + load<u32>(tap)
    let b = a + step
    const end = w + runWeights
    while (w < end) {
      const xa = v128.load32_splat(a)
      const xb = v128.load32_splat(b)
      const w0 = v128.load(w)
      a0 = i32x4.add(a0, i32x4.dot_i16x8_s(xa, w0))
      b0 = i32x4.add(b0, i32x4.dot_i16x8_s(xb, w0))
      const w1 = v128.load(w, 16)
      a1 = i32x4.add(a1, i32x4.dot_i16x8_s(xa, w1))
      b1 = i32x4.add(b1, i32x4.dot_i16x8_s(xb, w1))
      const w2 = v128.load(w, 32)
      a2 = i32x4.add(a2, i32x4.dot_i16x8_s(xa, w2))
      b2 = i32x4.add(b2, i32x4.dot_i16x8_s(xb, w2))
      const w3 = v128.load(w, 48)
      a3 = i32x4.add(a3, i32x4.dot_i16x8_s(xa, w3))
      b3 = i32x4.add(b3, i32x4.dot_i16x8_s(xb, w3))
      w += 64
      a += 4
      b += 4
    }
  }
  finish(out, a0, a1, a2, a3, scales, count, output)
  finish(out + outStep, b0, b1, b2, b3, scales, count, output)
}

/** Computes a block of outputs at one place. */
function onePlace(
  place: usize,
  taps: usize,
  runs: i32,
  runWeights: i32,
  weights: usize,
  scales: usize,
  out: usize,
  count: i32,
  output: u32,
): void {
  let a0 = v128.load(scales)
  let a1 = v128.load(scales, 16)
  let a2 = v128.load(scales, 32)
  let a3 = v128.load(scales, 48)
  let w = weights
  const last = taps + (runs << 2)
  for (let tap = taps; tap < last; tap += 4) {
    let a = place + load<u32>(tap)
    const end = w + runWeights
    while (w < end) {
      const x = v128.load32_splat(a)
      a0 = i32x4.add(a0, i32x4.dot_i16x8_s(x, v128.load(w)))
      a1 = i32x4.add(a1, i32x4.dot_i16x8_s(x, v128.load(w, 16)))
      a2 = i32x4.add(a2, i32x4.dot_i16x8_s(x, v128.load(w, 32)))
      a3 = i32x4.add(a3, i32x4.dot_i16x8_s(x, v128.load(w, 48)))
      w += 64
      a += 4
    }
  }
  finish(out, a0, a1, a2, a3, scales, count, output)
}

/**
 * Convolves an image of int16 and writes requantised bytes. A place of the output reads, for each of `runs` byte offsets
 * at `taps`, `pairs` pairs of neighbouring int16. Weights lie in blocks of 16 outputs: for each run and pair the two
 * weights of output 0, of output 1 …; `scales` holds for each block 16 biases, multipliers, left and right factors.
 *
 * `lines` × `columns` places are computed, `lineStep` and `columnStep` bytes apart in the image. Places of the output are
 * `outStep` bytes apart and `outputs` bytes of each are written.
 */
export function convolve(
  image: usize,
  lines: i32,
  columns: i32,
  lineStep: i32,
  columnStep: usize,
  taps: usize,
  runs: i32,
  pairs: i32,
  weights: usize,
  scales: usize,
  out: usize,
  outStep: usize,
  outputs: i32,
  output: u32,
): void {
  const runWeights = pairs << 6
  for (let first: i32 = 0; first < outputs; first += blockOutputs) {
    const count = outputs - first
    let target = out + first
    for (let line: i32 = 0; line < lines; line += 1) {
      let place = image + line * lineStep
      let column: i32 = 0
      for (; column + 2 <= columns; column += 2) {
        twoPlaces(
          place,
          columnStep,
          taps,
          runs,
          runWeights,
          weights,
          scales,
          target,
          outStep,
          count,
          output,
        )
        place += 2 * columnStep
        target += 2 * outStep
      }
      if (column < columns) {
        onePlace(place, taps, runs, runWeights, weights, scales, target, count, output)
        target += outStep
      }
    }
    weights += runs * runWeights
    scales += blockScales
  }
}
