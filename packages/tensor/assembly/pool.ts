/** Sums a window's bytes − 128 and divides by their number, to nearest, ties away from zero. */
function average(first: usize, lines: i32, places: i32, lineBytes: i32, channels: i32): i32 {
  const count = (lines as i64) * (places as i64)
  if (count === 0) return 128
  let sum: i64 = -128 * count
  for (let line: i32 = 0; line < lines; line += 1) {
    let at = first + line * lineBytes
    for (let place: i32 = 0; place < places; place += 1) {
      sum += load<u8>(at)
      at += channels
    }
  }
  const half = count >> 1
  return (((sum > 0 ? sum + half : sum - half) / count) as i32) + 128
}

/** Returns a window's greatest byte; 0 of none. */
function maximum(first: usize, lines: i32, places: i32, lineBytes: i32, channels: i32): i32 {
  let greatest: i32 = 0
  for (let line: i32 = 0; line < lines; line += 1) {
    let at = first + line * lineBytes
    for (let place: i32 = 0; place < places; place += 1) {
      greatest = max(greatest, load<u8>(at) as i32)
      at += channels
    }
  }
  return greatest
}

/**
 * Pools one place of the output over a window that starts at `source` and has `lines` lines of `places` places, all of
 * them inside the image; lines are `lineBytes` bytes apart.
 */
export function poolPlace(
  isAverage: bool,
  source: usize,
  lines: i32,
  places: i32,
  lineBytes: i32,
  channels: i32,
  out: usize,
  clampMin: i32,
  clampMax: i32,
): void {
  for (let channel: i32 = 0; channel < channels; channel += 1) {
    const value = isAverage
      ? average(source + channel, lines, places, lineBytes, channels)
      : maximum(source + channel, lines, places, lineBytes, channels)
    store<u8>(out + channel, min(max(value, clampMin), clampMax))
  }
}
