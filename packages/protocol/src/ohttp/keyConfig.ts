import { concatBytes, type Hex, hexToBytes } from 'viem'

/** KEM, KDF and AEAD (RFC 9180, 7): DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, which RFC 9458 makes everybody have. */
const algorithms = { kem: 0x0020, kdf: 0x0001, aead: 0x0001 }

/** Every operator has one key at a time. */
const keyId = 1

/** What a sealed request begins with: key id, KEM, KDF, AEAD. */
export const requestHeader: Uint8Array = Uint8Array.of(
  ...[keyId, ...word(algorithms.kem), ...word(algorithms.kdf), ...word(algorithms.aead)],
)

/**
 * Returns the key configuration of an operator (RFC 9458, 3), from the X25519 key under which it is registered in
 * `OperatorStaking`; as `application/ohttp-keys` it stands behind its length.
 */
export function keyConfigOf(encryptionKey: Hex): Uint8Array {
  const ciphers = [...word(4), ...word(algorithms.kdf), ...word(algorithms.aead)]
  return concatBytes([
    Uint8Array.of(keyId, ...word(algorithms.kem)),
    hexToBytes(encryptionKey, { size: 32 }),
    Uint8Array.of(...ciphers),
  ])
}

/** Returns the content of `application/ohttp-keys`: the one configuration behind its length. */
export function encodeKeys(encryptionKey: Hex): Uint8Array {
  const config = keyConfigOf(encryptionKey)
  return concatBytes([Uint8Array.of(...word(config.length)), config])
}

function word(value: number): [number, number] {
  return [value >> 8, value & 0xff]
}
