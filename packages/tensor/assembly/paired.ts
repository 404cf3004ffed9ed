import { clamp, requantise, toBytes } from './requantise'

/** Loads an int32 of the parameters into all lanes. */
function parameter(parameters: usize, index: i32): v128 {
  return v128.load32_splat(parameters + (index << 2))
}

/** Requantises with the multiplier, left and right factor that start at an index of the parameters. */
function scaled(values: v128, parameters: usize, index: i32): v128 {
  return requantise(
    values,
    parameter(parameters, index),
    parameter(parameters, index + 1),
    parameter(parameters, index + 2),
  )
}

/** Requantises four results, clamps them and adds the zero point. */
function toOutput(values: v128, parameters: usize): v128 {
  const zero = parameter(parameters, 0)
  const least = parameter(parameters, 1)
  const greatest = parameter(parameters, 2)
  return clamp(scaled(values, parameters, 5), least, greatest, zero)
}

/** Widens four bytes and subtracts a zero point. */
function centred(bytes: usize, zero: v128): v128 {
  return i32x4.sub(i32x4.extend_low_i16x8_u(v128.load8x8_u(bytes)), zero)
}

function addFour(a: usize, b: usize, parameters: usize): v128 {
  const up = load<i32>(parameters, 56)
  const x = i32x4.shl(centred(a, parameter(parameters, 3)), up)
  const y = i32x4.shl(centred(b, parameter(parameters, 4)), up)
  const sum = i32x4.add(scaled(x, parameters, 8), scaled(y, parameters, 11))
  return toOutput(sum, parameters)
}

function multiplyFour(a: usize, b: usize, parameters: usize): v128 {
  const x = centred(a, parameter(parameters, 3))
  const y = centred(b, parameter(parameters, 4))
  return toOutput(i32x4.mul(x, y), parameters)
}

/**
 * Adds two tensors of bytes, 16 at a time: reads and writes up to 15 bytes past `length`, and reads 4 more. The
 * parameters are 15 int32: zero of the output; clampMin and clampMax relative to it; zeros of a and b; multiplier, left
 * and right factor of the sum, of a and of b; left shift of both.
 */
export function add(a: usize, b: usize, length: i32, out: usize, parameters: usize): void {
  for (let i: i32 = 0; i < length; i += 16) {
    const bytes = toBytes(
      addFour(a + i, b + i, parameters),
      addFour(a + i + 4, b + i + 4, parameters),
      addFour(a + i + 8, b + i + 8, parameters),
      addFour(a + i + 12, b + i + 12, parameters),
    )
    v128.store(out + i, bytes)
  }
}

/** Multiplies two tensors of bytes, as `add` adds them; the first 8 parameters are the same. */
export function multiply(a: usize, b: usize, length: i32, out: usize, parameters: usize): void {
  for (let i: i32 = 0; i < length; i += 16) {
    const bytes = toBytes(
      multiplyFour(a + i, b + i, parameters),
      multiplyFour(a + i + 4, b + i + 4, parameters),
      multiplyFour(a + i + 8, b + i + 8, parameters),
      multiplyFour(a + i + 12, b + i + 12, parameters),
    )
    v128.store(out + i, bytes)
  }
}

/** Repeats a tensor's rows and columns until they fill a shape of which its own is a divisor. */
export function repeat(
  source: usize,
  sourceRows: i32,
  sourceRowBytes: i32,
  rows: i32,
  rowBytes: i32,
  out: usize,
): void {
  for (let row: i32 = 0; row < rows; row += 1) {
    memory.copy(out, source + (row % sourceRows) * sourceRowBytes, sourceRowBytes)
    let filled = sourceRowBytes
    while (filled < rowBytes) {
      const more = min(filled, rowBytes - filled)
      memory.copy(out + filled, out, more)
      filled += more
    }
    out += rowBytes
  }
}

/** Replaces each byte by what a table of 256 has for it. */
export function lookUp(source: usize, length: i32, table: usize, out: usize): void {
  for (let i: i32 = 0; i < length; i += 1)
    store<u8>(out + i, load<u8>(table + load<u8>(source + i)))
}
