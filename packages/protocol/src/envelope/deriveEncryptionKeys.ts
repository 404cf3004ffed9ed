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
  const secret = await expand(concatBytes([label, hexToBytes(privateKey, { size: 32 })]))
  return {
    privateKey: await suite.DeserializePrivateKey(secret),
    publicKey: await suite.DeserializePublicKey(await publicKeyOf(secret)),
  }
}

/** Returns the public key, as operators register it: 32 bytes (RFC 7748). */
export async function encryptionKeyOf({ publicKey }: EncryptionKeys): Promise<Hex> {
  return bytesToHex(await suite.SerializePublicKey(publicKey))
}

/** "HPKE-v1" ‖ suite id of the KEM (RFC 9180, 4). */
const labeled = concatBytes([stringToBytes('HPKE-v1KEM'), Uint8Array.of(0, 0x20)])

/** `DeriveKeyPair` up to the private key: the library's own asks Node for the public one by an experimental API, which warns. */
async function expand(ikm: Uint8Array): Promise<Uint8Array> {
  const length = 32
  const material = concatBytes([labeled, stringToBytes('dkp_prk'), ikm])
  const key = await crypto.subtle.importKey('raw', Uint8Array.from(material), 'HKDF', false, [
    'deriveBits',
  ])
  const info = concatBytes([Uint8Array.of(0, length), labeled, stringToBytes('sk')])
  const algorithm = {
    name: 'HKDF',
    hash: 'SHA-256',
    salt: new Uint8Array(),
    info: Uint8Array.from(info),
  }
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, length * 8))
}

/** `CryptoKey`, which is a type of the browser's library only. */
type WebKey = Parameters<typeof crypto.subtle.exportKey>[1]

async function publicKeyOf(secret: Uint8Array): Promise<Uint8Array> {
  const exportable = await suite.DeserializePrivateKey(secret, true)
  const { x = '' } = await crypto.subtle.exportKey('jwk', exportable as WebKey)
  const base64 = x.replaceAll('-', '+').replaceAll('_', '/')
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
}
