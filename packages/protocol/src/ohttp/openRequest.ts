import { concatBytes } from 'viem'

import { type EncryptionKeys, suite } from '../envelope/suite.ts'
import { type BinaryRequest, decodeBinaryRequest } from './binaryHttp.ts'
import { OhttpMalformedError, OhttpOpenError } from './errors.ts'
import { exporterOf, infoOf } from './info.ts'
import { requestHeader } from './keyConfig.ts'
import { createReader, type Reader } from './reader.ts'
import { createResponseCipher, type Form, type ResponseCipher, sizes } from './responseKeys.ts'

export type OpenRequestParameters = {
  bytes: Uint8Array
  keys: EncryptionKeys
  form: Form
}

export type OpenedRequest = {
  request: BinaryRequest
  /** Draws a nonce for the response and derives what seals it; the response begins with the nonce. */
  respond: () => Promise<{ nonce: Uint8Array; cipher: ResponseCipher }>
}

/** Opens a sealed request. Throws `OhttpMalformedError` or `OhttpOpenError`. */
export async function openRequest(parameters: OpenRequestParameters): Promise<OpenedRequest> {
  const { bytes, keys, form } = parameters
  const reader = createReader(bytes)
  const header = reader.take(requestHeader.length)
  if (header.some((byte, i) => byte !== requestHeader[i])) {
    throw new OhttpOpenError('it names a key or an algorithm that is not offered')
  }
  const encapsulated = Uint8Array.from(reader.take(sizes.encapsulated))
  const { content, secret } = await open({ reader, encapsulated, keys, form })
  const request = decodeBinaryRequest(content)
  return {
    request,
    async respond() {
      const nonce = crypto.getRandomValues(new Uint8Array(sizes.secret))
      const parameters = { secret, encapsulated, responseNonce: nonce }
      return { nonce, cipher: await createResponseCipher(parameters) }
    },
  }
}

type Sealed = {
  reader: Reader
  encapsulated: Uint8Array
  keys: EncryptionKeys
  form: Form
}

async function open({ reader, encapsulated, keys, form }: Sealed) {
  const chunks = form === 'whole' ? [reader.rest()] : readChunks(reader)
  try {
    const ctx = await suite.SetupRecipient(keys, encapsulated, { info: infoOf(form) })
    const contents: Uint8Array[] = []
    for (const [i, chunk] of chunks.entries()) {
      const isFinal = form === 'chunked' && i === chunks.length - 1
      contents.push(await ctx.Open(chunk, isFinal ? new TextEncoder().encode('final') : undefined))
    }
    const secret = await ctx.Export(exporterOf(form), sizes.secret)
    return { content: concatBytes(contents), secret }
  } catch (cause) {
    throw new OhttpOpenError('another key, or changed bytes', cause)
  }
}

/** The last chunk has length zero before it, and takes the rest. */
function readChunks(reader: Reader): Uint8Array[] {
  const chunks: Uint8Array[] = []
  for (;;) {
    const length = reader.varint()
    if (length === 0) return [...chunks, reader.rest()]
    if (length < sizes.tag) throw new OhttpMalformedError('a chunk is shorter than its tag')
    chunks.push(reader.take(length))
  }
}
