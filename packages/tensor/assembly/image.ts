/** Widens bytes to int16; writes up to 7 values more. */
function widen(source: usize, length: i32, out: usize): void {
  for (let i: i32 = 0; i < length; i += 8) v128.store(out + (i << 1), v128.load8x8_u(source + i))
}

/** Writes the same int16 `length` times. */
function fill(out: usize, length: i32, value: u16): void {
  const values = i16x8.splat(value)
  let i: i32 = 0
  for (; i + 8 <= length; i += 8) v128.store(out + (i << 1), values)
  for (; i < length; i += 1) store<u16>(out + (i << 1), value)
}

/**
 * Writes an image of int16: `lines` lines of `length` values, of which line `top` on and value `left` on are the
 * `sourceLines` lines of `sourceLength` bytes, as far as they fit; the others are `zero`.
 */
export function widenImage(
  source: usize,
  sourceLines: i32,
  sourceLength: i32,
  out: usize,
  lines: i32,
  length: i32,
  top: i32,
  left: i32,
  zero: u16,
): void {
  const before = min(left, length)
  const inside = min(sourceLength, length - before)
  const after = length - before - inside
  for (let line: i32 = 0; line < lines; line += 1) {
    if (line < top || line >= top + sourceLines) {
      fill(out, length, zero)
    } else {
      fill(out, before, zero)
      widen(source + (line - top) * sourceLength, inside, out + (before << 1))
      fill(out + ((before + inside) << 1), after, zero)
    }
    out += length << 1
  }
}
