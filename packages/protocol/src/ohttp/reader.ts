import { OhttpMalformedError } from './errors.ts'

/** Reads bytes from the front. Throws `OhttpMalformedError` past the end. */
export type Reader = {
  /** Bytes that are left. */
  left: () => number
  byte: () => number
  /** A number of 1, 2, 4 or 8 bytes (RFC 9000, 16). */
  varint: () => number
  take: (length: number) => Uint8Array
  /** Bytes behind their length. */
  block: () => Uint8Array
  rest: () => Uint8Array
}

export function createReader(bytes: Uint8Array): Reader {
  let position = 0

  function take(length: number): Uint8Array {
    if (length > bytes.length - position) throw new OhttpMalformedError('it ends too soon')
    position += length
    return bytes.subarray(position - length, position)
  }

  function varint(): number {
    const first = take(1)[0]!
    const length = 1 << (first >> 6)
    let value = BigInt(first & 0x3f)
    for (const byte of take(length - 1)) value = (value << 8n) | BigInt(byte)
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new OhttpMalformedError('a length is absurd')
    return Number(value)
  }

  return {
    left: () => bytes.length - position,
    byte: () => take(1)[0]!,
    varint,
    take,
    block: () => take(varint()),
    rest: () => take(bytes.length - position),
  }
}

/** Returns a number as 1, 2, 4 or 8 bytes, the shortest that holds it (RFC 9000, 16). */
export function encodeVarint(value: number): Uint8Array {
  const bits = value < 0x40 ? 0 : value < 0x4000 ? 1 : value < 0x40000000 ? 2 : 3
  const bytes = new Uint8Array(1 << bits)
  let left = BigInt(value)
  for (let i = bytes.length - 1; i >= 0; i--) {
    bytes[i] = Number(left & 0xffn)
    left >>= 8n
  }
  bytes[0]! |= bits << 6
  return bytes
}

/** Returns bytes behind their length. */
export function encodeBlock(bytes: Uint8Array): Uint8Array[] {
  return [encodeVarint(bytes.length), bytes]
}
