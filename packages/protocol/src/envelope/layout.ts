import { type Address, bytesToHex, concatBytes, getAddress, hexToBytes } from 'viem'

import { EnvelopeMalformedError } from './errors.ts'

/** What every envelope begins with: "AEV1". */
const magic = Uint8Array.of(0x41, 0x45, 0x56, 0x31)

/** Lengths in bytes. */
const sizes = { address: 20, encapsulated: 32, wrapped: 48, tag: 16 }

/** Bytes before the recipients. */
const header = magic.length + 2

const slot = sizes.address + sizes.encapsulated + sizes.wrapped

/** Most recipients of one envelope. */
export const maxRecipients = 0xffff

/** The content key of an envelope, sealed for one recipient. */
export type WrappedKey = {
  recipient: Address
  /** HPKE's encapsulated secret, 32 bytes. */
  encapsulated: Uint8Array
  /** HPKE's ciphertext of the content key, 48 bytes. */
  wrapped: Uint8Array
}

export type EnvelopeParts = {
  keys: readonly WrappedKey[]
  ciphertext: Uint8Array
}

/** Returns the bytes that an envelope has for `length` bytes of content. */
export function envelopeLength(recipients: number, length: number): number {
  return header + recipients * slot + length + sizes.tag
}

/** "AEV1" ‖ count(u16) ‖ count × (address(20) ‖ encapsulated(32) ‖ wrapped(48)) ‖ ciphertext */
export function encodeEnvelope({ keys, ciphertext }: EnvelopeParts): Uint8Array {
  const count = Uint8Array.of(keys.length >> 8, keys.length & 0xff)
  const slots = keys.flatMap(({ recipient, encapsulated, wrapped }) => [
    ...[hexToBytes(recipient), encapsulated, wrapped],
  ])
  return concatBytes([magic, count, ...slots, ciphertext])
}

/** Returns whether bytes begin as an envelope does. */
export function isEnvelope(bytes: Uint8Array): boolean {
  return magic.every((byte, i) => bytes[i] === byte)
}

/** Takes an envelope apart; throws `EnvelopeMalformedError` where it is none. */
export function decodeEnvelope(bytes: Uint8Array): EnvelopeParts {
  if (!isEnvelope(bytes)) throw new EnvelopeMalformedError('it does not begin with "AEV1"')
  if (bytes.length < header) throw new EnvelopeMalformedError('it ends within its header')
  const count = (bytes[magic.length]! << 8) | bytes[magic.length + 1]!
  const least = envelopeLength(count, 0)
  if (bytes.length < least) {
    throw new EnvelopeMalformedError(
      `${bytes.length} bytes cannot hold ${count} recipients, which take ${least}`,
    )
  }
  const keys = Array.from({ length: count }, (_, i) => readKey(bytes, header + i * slot))
  return { keys, ciphertext: bytes.subarray(header + count * slot) }
}

function readKey(bytes: Uint8Array, start: number): WrappedKey {
  const [encapsulated, wrapped] = [start + sizes.address, start + slot - sizes.wrapped]
  return {
    recipient: getAddress(bytesToHex(bytes.subarray(start, encapsulated))),
    encapsulated: bytes.subarray(encapsulated, wrapped),
    wrapped: bytes.subarray(wrapped, start + slot),
  }
}
