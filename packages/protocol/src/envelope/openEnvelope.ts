import { type Address, type Hash, isAddressEqual } from 'viem'

import { decryptContent } from './content.ts'
import { EnvelopeOpenError, NotRecipientError } from './errors.ts'
import { decodeEnvelope } from './layout.ts'
import { bindingOf } from './sealEnvelope.ts'
import { type EncryptionKeys, suite } from './suite.ts'

export type OpenEnvelopeParameters = {
  envelope: Uint8Array
  /** What the content must be, as in `sealEnvelope`. */
  about: Hash
  /** Who opens it. */
  recipient: Address
  keys: EncryptionKeys
}

/** Returns who may open an envelope; throws `EnvelopeMalformedError`. */
export function recipientsOf(envelope: Uint8Array): Address[] {
  return decodeEnvelope(envelope).keys.map(({ recipient }) => recipient)
}

/**
 * Opens an envelope. Throws `EnvelopeMalformedError`, `NotRecipientError` or `EnvelopeOpenError`.
 *
 * @example
 * const input = await openEnvelope({ envelope, about: inputHash, recipient: operator, keys })
 */
export async function openEnvelope(parameters: OpenEnvelopeParameters): Promise<Uint8Array> {
  const { envelope, about, recipient, keys: pair } = parameters
  const { keys, ciphertext } = decodeEnvelope(envelope)
  const mine = keys.find((key) => isAddressEqual(key.recipient, recipient))
  if (mine === undefined) throw new NotRecipientError(recipient, recipientsOf(envelope))
  const binding = bindingOf(about)
  try {
    const key = await suite.Open(pair, mine.encapsulated, mine.wrapped, { info: binding })
    return await decryptContent({ key, about: binding }, ciphertext)
  } catch (cause) {
    throw new EnvelopeOpenError(cause)
  }
}
