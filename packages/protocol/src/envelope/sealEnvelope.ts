import { type Address, concatBytes, type Hash, type Hex, hexToBytes, stringToBytes } from 'viem'

import { encryptContent } from './content.ts'
import { RecipientCountError, RecipientKeyError } from './errors.ts'
import { encodeEnvelope, maxRecipients, type WrappedKey } from './layout.ts'
import { suite } from './suite.ts'

/** Somebody who may open an envelope. */
export type Recipient = {
  address: Address
  /** X25519 public key (RFC 7748), 32 bytes. */
  encryptionKey: Hex
}

export type SealEnvelopeParameters = {
  content: Uint8Array
  /** What the content is: an input hash, or a claim id. An envelope about one thing does not open as one about another. */
  about: Hash
  recipients: readonly Recipient[]
}

/** Returns what HPKE and the content's cipher bind an envelope to. */
export function bindingOf(about: Hash): Uint8Array {
  return concatBytes([stringToBytes('assay envelope'), hexToBytes(about)])
}

/**
 * Seals content so that only the recipients can read it: a fresh AES-256-GCM key, sealed for each of them by HPKE in
 * base mode (RFC 9180). Whoever sees the envelope sees who can read it, and how long the content is.
 *
 * @example
 * const envelope = await sealEnvelope({ content: input, about: inputHash, recipients })
 */
export async function sealEnvelope(parameters: SealEnvelopeParameters): Promise<Uint8Array> {
  const { content, about, recipients } = parameters
  if (recipients.length === 0 || recipients.length > maxRecipients) {
    throw new RecipientCountError(recipients.length, maxRecipients)
  }
  const binding = bindingOf(about)
  const key = crypto.getRandomValues(new Uint8Array(32))
  const keys = await Promise.all(recipients.map((recipient) => wrapKey(recipient, key, binding)))
  return encodeEnvelope({
    keys,
    ciphertext: await encryptContent({ key, about: binding }, content),
  })
}

async function wrapKey(
  { address, encryptionKey }: Recipient,
  key: Uint8Array,
  info: Uint8Array,
): Promise<WrappedKey> {
  try {
    const publicKey = await suite.DeserializePublicKey(hexToBytes(encryptionKey))
    const { encapsulatedSecret, ciphertext } = await suite.Seal(publicKey, key, { info })
    return { recipient: address, encapsulated: encapsulatedSecret, wrapped: ciphertext }
  } catch (cause) {
    throw new RecipientKeyError(address, cause)
  }
}
