import { concatBytes, stringToBytes } from 'viem'

/** The two forms of a message: whole (RFC 9458), or in chunks (draft-ietf-ohai-chunked-ohttp). */
export const forms = {
  whole: {
    requestType: 'message/ohttp-req',
    responseType: 'message/ohttp-res',
    requestLabel: 'message/bhttp request',
    responseLabel: 'message/bhttp response',
  },
  chunked: {
    requestType: 'message/ohttp-chunked-req',
    responseType: 'message/ohttp-chunked-res',
    requestLabel: 'message/bhttp chunked request',
    responseLabel: 'message/bhttp chunked response',
  },
} as const

export type Form = keyof typeof forms

/** Lengths in bytes: Nk, Nn and max(Nk, Nn) of AES-128-GCM, the encapsulated key, the tag. */
export const sizes = { key: 16, nonce: 12, secret: 16, encapsulated: 32, tag: 16 }

export type ResponseKeysParameters = {
  /** Exported from the request's HPKE context. */
  secret: Uint8Array
  encapsulated: Uint8Array
  responseNonce: Uint8Array
}

/** Seals or opens the pieces of one response, in order. */
export type ResponseCipher = {
  seal: (content: Uint8Array, about?: string) => Promise<Uint8Array>
  open: (ciphertext: Uint8Array, about?: string) => Promise<Uint8Array>
}

/**
 * Derives what a response is sealed with (RFC 9458, 4.4). The nonce of piece `i` is the nonce XOR `i`, so that a whole response is
 * its own first piece.
 */
export async function createResponseCipher(
  parameters: ResponseKeysParameters,
): Promise<ResponseCipher> {
  const { secret, encapsulated, responseNonce } = parameters
  const salt = concatBytes([encapsulated, responseNonce])
  const [keyBytes, nonce] = await Promise.all([
    derive(secret, salt, 'key', sizes.key),
    derive(secret, salt, 'nonce', sizes.nonce),
  ])
  const key = await crypto.subtle.importKey('raw', keyBytes, 'AES-GCM', false, [
    'encrypt',
    'decrypt',
  ])
  let piece = 0

  function options(about: string) {
    const iv = Uint8Array.from(nonce)
    const view = new DataView(iv.buffer)
    view.setUint32(sizes.nonce - 4, view.getUint32(sizes.nonce - 4) ^ piece++)
    return { name: 'AES-GCM', iv, additionalData: Uint8Array.from(stringToBytes(about)) }
  }

  return {
    seal: async (content, about = '') =>
      new Uint8Array(await crypto.subtle.encrypt(options(about), key, Uint8Array.from(content))),
    open: async (ciphertext, about = '') =>
      new Uint8Array(await crypto.subtle.decrypt(options(about), key, Uint8Array.from(ciphertext))),
  }
}

async function derive(secret: Uint8Array, salt: Uint8Array, info: string, length: number) {
  const key = await crypto.subtle.importKey('raw', Uint8Array.from(secret), 'HKDF', false, [
    'deriveBits',
  ])
  const algorithm = {
    ...{ name: 'HKDF', hash: 'SHA-256', salt: Uint8Array.from(salt) },
    info: Uint8Array.from(stringToBytes(info)),
  }
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, length * 8))
}
