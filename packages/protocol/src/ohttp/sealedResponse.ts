import { concatBytes } from 'viem'

import {
  type BinaryResponse,
  decodeBinaryResponse,
  decodeResponseHead,
  encodeBinaryResponse,
  encodeContentPiece,
  encodeResponseHead,
  responseEnd,
} from './binaryHttp.ts'
import { OhttpMalformedError, OhttpOpenError, OhttpTruncatedError } from './errors.ts'
import type { OpenedRequest } from './openRequest.ts'
import { createReader, encodeBlock, encodeVarint } from './reader.ts'
import { type ResponseCipher, sizes } from './responseKeys.ts'
import type { SealedRequest } from './sealRequest.ts'

type Respond = OpenedRequest['respond']
type CipherOf = SealedRequest['responseCipher']

/** Most bytes of a sealed chunk that are held while it arrives. */
const maxChunkBytes = 1 << 24

/** Seals a whole response: nonce ‖ ciphertext (RFC 9458, 4.4). */
export async function sealResponse(
  respond: Respond,
  response: BinaryResponse,
): Promise<Uint8Array> {
  const { nonce, cipher } = await respond()
  return concatBytes([nonce, await cipher.seal(encodeBinaryResponse(response))])
}

/** Opens a whole response. Throws `OhttpMalformedError` or `OhttpOpenError`. */
export async function openResponse(cipherOf: CipherOf, bytes: Uint8Array): Promise<BinaryResponse> {
  const reader = createReader(bytes)
  const cipher = await cipherOf(reader.take(sizes.secret))
  return decodeBinaryResponse(await opened(cipher, reader.rest(), ''))
}

export type ResponseStream = Omit<BinaryResponse, 'body'> & { body: AsyncIterable<Uint8Array> }

/** Seals a response piece by piece: nonce ‖ (length ‖ ciphertext)… ‖ 0 ‖ last ciphertext. */
export async function* sealResponseStream(
  respond: Respond,
  { body, ...head }: ResponseStream,
): AsyncGenerator<Uint8Array> {
  const { nonce, cipher } = await respond()
  yield nonce
  yield concatBytes(encodeBlock(await cipher.seal(encodeResponseHead(head))))
  for await (const piece of body) {
    if (piece.length === 0) continue
    yield concatBytes(encodeBlock(await cipher.seal(encodeContentPiece(piece))))
  }
  yield concatBytes([encodeVarint(0), await cipher.seal(responseEnd, 'final')])
}

/**
 * Opens a response that comes in pieces: resolves with its head, and gives the content as it arrives. What is not sealed to its end
 * throws `OhttpTruncatedError`; anything else that is wrong, `OhttpMalformedError` or `OhttpOpenError`.
 */
export async function openResponseStream(
  cipherOf: CipherOf,
  stream: AsyncIterable<Uint8Array>,
): Promise<ResponseStream> {
  const contents = openChunks(cipherOf, stream)
  let buffered: Uint8Array = new Uint8Array(0)
  const pull = async () => {
    const { value, done } = await contents.next()
    if (!done) buffered = concatBytes([buffered, value])
    if (buffered.length > maxChunkBytes) throw new OhttpMalformedError('a part does not end')
    return !done
  }

  for (;;) {
    if (!(await pull())) throw new OhttpMalformedError('it ends within its head')
    const reader = createReader(buffered)
    const head = attempt(() => decodeResponseHead(reader))
    if (head === undefined) continue
    buffered = reader.rest()
    return { ...head, body: readContent() }
  }

  async function* readContent(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const reader = createReader(buffered)
      const piece = buffered.length === 0 ? undefined : attempt(() => reader.block())
      if (piece === undefined) {
        if (!(await pull())) throw new OhttpMalformedError('its content does not end')
      } else if (piece.length > 0) {
        buffered = reader.rest()
        yield piece
      } else {
        while (await pull());
        return
      }
    }
  }
}

/** Contents of the sealed chunks; returns once the last one was opened. */
async function* openChunks(cipherOf: CipherOf, stream: AsyncIterable<Uint8Array>) {
  let buffered: Uint8Array = new Uint8Array(0)
  let cipher: ResponseCipher | undefined
  for await (const bytes of stream) {
    buffered = concatBytes([buffered, bytes])
    if (cipher === undefined) {
      if (buffered.length < sizes.secret) continue
      cipher = await cipherOf(buffered.subarray(0, sizes.secret))
      buffered = buffered.subarray(sizes.secret)
    }
    for (let chunk = readChunk(buffered); chunk !== undefined; chunk = readChunk(buffered)) {
      buffered = chunk.rest
      yield await opened(cipher, chunk.sealed, '')
    }
  }
  if (cipher === undefined || buffered[0] !== 0) throw new OhttpTruncatedError()
  yield await opened(cipher, buffered.subarray(1), 'final')
}

/** The next chunk that is not the last, if it is there whole. */
function readChunk(bytes: Uint8Array) {
  if (bytes.length === 0 || bytes[0] === 0) return undefined
  const reader = createReader(bytes)
  const length = attempt(() => reader.varint())
  if (length !== undefined && (length < sizes.tag || length > maxChunkBytes)) {
    throw new OhttpMalformedError(`a chunk of ${length} bytes`)
  }
  const sealed = length === undefined ? undefined : attempt(() => reader.take(length))
  return sealed && { sealed, rest: reader.rest() }
}

/** Nothing where bytes end too soon: the rest may be on its way. */
function attempt<value>(read: () => value): value | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof OhttpMalformedError) return undefined
    throw error
  }
}

async function opened(cipher: ResponseCipher, sealed: Uint8Array, about: string) {
  try {
    return await cipher.open(sealed, about)
  } catch (cause) {
    throw new OhttpOpenError('another key, or changed bytes', cause)
  }
}
