/** Widens bytes to int16. */
export function widen(source: usize, length: i32, out: usize): void {
  let i: i32 = 0
  for (; i + 8 <= length; i += 8) v128.store(out + (i << 1), v128.load8x8_u(source + i))
  for (; i < length; i += 1) store<u16>(out + (i << 1), load<u8>(source + i))
}
