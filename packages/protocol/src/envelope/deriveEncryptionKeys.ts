import { bytesToHex, concatBytes, type Hex, hexToBytes, stringToBytes } from 'viem'

import { type EncryptionKeys, suite } from './suite.ts'

/**
 * Derives the X25519 keys that go with an account's private key (RFC 9180, 7.1.3), so that there is one secret to keep.
 * HKDF separates them: neither key tells anything about the other.
 *
 * @example
 * const keys = await deriveEncryptionKeys(privateKey)
 * await registerOperator(client, { deployment, endpoint, encryptionKey: await encryptionKeyOf(keys) })
 */
export async function deriveEncryptionKeys(privateKey: Hex): Promise<EncryptionKeys> {
  const label = stringToBytes('assay encryption key')
  return suite.DeriveKeyPair(concatBytes([label, hexToBytes(privateKey, { size: 32 })]))
}

/** Returns the public key, as operators register it: 32 bytes (RFC 7748). */
export async function encryptionKeyOf({ publicKey }: EncryptionKeys): Promise<Hex> {
  return bytesToHex(await suite.SerializePublicKey(publicKey))
}
