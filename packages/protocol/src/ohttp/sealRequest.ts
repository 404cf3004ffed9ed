import { concatBytes, type Hex, hexToBytes } from 'viem'

import { suite } from '../envelope/suite.ts'
import { type BinaryRequest, encodeBinaryRequest } from './binaryHttp.ts'
import { OhttpOpenError } from './errors.ts'
import { exporterOf, infoOf } from './info.ts'
import { requestHeader } from './keyConfig.ts'
import { encodeVarint } from './reader.ts'
import {
  createResponseCipher,
  type Form,
  forms,
  type ResponseCipher,
  sizes,
} from './responseKeys.ts'

export type SealRequestParameters = {
  /** The operator's X25519 key, as it is registered. */
  encryptionKey: Hex
  request: BinaryRequest
  /** `whole`, or `chunked` where the answer is to come in pieces as it is made. */
  form?: Form
}

export type SealedRequest = {
  /** What is posted. */
  bytes: Uint8Array
  contentType: string
  responseType: string
  /** Derives what opens the response, from the nonce that it begins with. */
  responseCipher: (responseNonce: Uint8Array) => Promise<ResponseCipher>
}

/**
 * Seals a request for an operator (RFC 9458): whoever relays it sees ciphertext and the size of a bucket. Throws
 * `OhttpOpenError` for a key that cannot be sealed for.
 *
 * @example
 * const { bytes, contentType, responseCipher } = await sealRequest({ encryptionKey, request })
 */
export async function sealRequest(parameters: SealRequestParameters): Promise<SealedRequest> {
  const { encryptionKey, request, form = 'whole' } = parameters
  const { encapsulatedSecret: encapsulated, ctx } = await setUp(encryptionKey, form)
  const content = encodeBinaryRequest(request)
  const sealed =
    form === 'whole'
      ? [await ctx.Seal(content)]
      : [encodeVarint(0), await ctx.Seal(content, new TextEncoder().encode('final'))]
  const secret = await ctx.Export(exporterOf(form), sizes.secret)
  return {
    bytes: concatBytes([requestHeader, encapsulated, ...sealed]),
    contentType: forms[form].requestType,
    responseType: forms[form].responseType,
    responseCipher: (responseNonce) =>
      createResponseCipher({ secret, encapsulated, responseNonce }),
  }
}

async function setUp(encryptionKey: Hex, form: Form) {
  try {
    const publicKey = await suite.DeserializePublicKey(hexToBytes(encryptionKey, { size: 32 }))
    return await suite.SetupSender(publicKey, { info: infoOf(form) })
  } catch (cause) {
    throw new OhttpOpenError(`${encryptionKey} is no X25519 key to seal for`, cause)
  }
}
