import { concatBytes } from 'viem'

import { OhttpMalformedError } from './errors.ts'
import { bucketOf } from './padding.ts'
import { createReader, encodeBlock, encodeVarint, type Reader } from './reader.ts'

/** Framing indicators of binary HTTP (RFC 9292, 3.3). */
const framing = { request: 0, response: 1, indeterminateResponse: 3 }

export type HeaderFields = readonly (readonly [name: string, value: string])[]

export type BinaryRequest = {
  method: string
  scheme: string
  authority: string
  /** With its query. */
  path: string
  headers: HeaderFields
  body: Uint8Array
}

export type BinaryResponse = { status: number; headers: HeaderFields; body: Uint8Array }

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })

/** Returns a request as binary HTTP of known length (RFC 9292), padded to its bucket. */
export function encodeBinaryRequest(request: BinaryRequest): Uint8Array {
  const { method, scheme, authority, path } = request
  const control = [method, scheme, authority, path].flatMap(encodeText)
  return pad(concatBytes([encodeVarint(framing.request), ...control, ...encodeParts(request)]))
}

/** Reads a request of known length; throws `OhttpMalformedError`. */
export function decodeBinaryRequest(bytes: Uint8Array): BinaryRequest {
  const reader = createReader(bytes)
  if (reader.varint() !== framing.request) {
    throw new OhttpMalformedError('it is no request of known length')
  }
  const [method, scheme, authority, path] = [1, 2, 3, 4].map(() => text(reader.block()))
  return { ...decodeParts(reader), ...{ method, scheme, authority, path } } as BinaryRequest
}

/** Returns a response as binary HTTP of known length, padded to its bucket. */
export function encodeBinaryResponse(response: BinaryResponse): Uint8Array {
  const control = [encodeVarint(framing.response), encodeVarint(response.status)]
  return pad(concatBytes([...control, ...encodeParts(response)]))
}

/** Reads a response of known length; throws `OhttpMalformedError`. */
export function decodeBinaryResponse(bytes: Uint8Array): BinaryResponse {
  const reader = createReader(bytes)
  if (reader.varint() !== framing.response) {
    throw new OhttpMalformedError('it is no response of known length')
  }
  return { status: finalStatus(reader), ...decodeParts(reader) }
}

/** Returns how a response of indeterminate length begins (RFC 9292, 3.2): its content follows in pieces. */
export function encodeResponseHead({ status, headers }: Omit<BinaryResponse, 'body'>): Uint8Array {
  const control = [encodeVarint(framing.indeterminateResponse), encodeVarint(status)]
  return concatBytes([...control, ...headers.flat().flatMap(encodeText), encodeVarint(0)])
}

/** Returns a piece of such a response's content. */
export function encodeContentPiece(bytes: Uint8Array): Uint8Array {
  return concatBytes(encodeBlock(bytes))
}

/** Ends the content and the trailers of such a response. */
export const responseEnd: Uint8Array = Uint8Array.of(0, 0)

/** Reads how a response of indeterminate length begins; throws `OhttpMalformedError`. */
export function decodeResponseHead(reader: Reader): Omit<BinaryResponse, 'body'> {
  if (reader.varint() !== framing.indeterminateResponse) {
    throw new OhttpMalformedError('it is no response of indeterminate length')
  }
  const status = finalStatus(reader)
  const headers: [string, string][] = []
  for (let name = reader.block(); name.length > 0; name = reader.block()) {
    headers.push([text(name), text(reader.block())])
  }
  return { status, headers }
}

type Parts = Pick<BinaryRequest, 'headers' | 'body'>

function encodeParts({ headers, body }: Parts): Uint8Array[] {
  const fields = concatBytes(headers.flat().flatMap(encodeText))
  return [...encodeBlock(fields), ...encodeBlock(body), encodeVarint(0)]
}

/** Empty parts at the end may be left out (RFC 9292, 3.8); what follows them is padding. */
function decodeParts(reader: Reader): Parts {
  const part = () => (reader.left() === 0 ? new Uint8Array(0) : reader.block())
  const fields = createReader(part())
  const headers: [string, string][] = []
  while (fields.left() > 0) headers.push([text(fields.block()), text(fields.block())])
  const body = part()
  part()
  if (reader.rest().some((byte) => byte !== 0)) throw new OhttpMalformedError('it has a tail')
  return { headers, body }
}

function finalStatus(reader: Reader): number {
  const status = reader.varint()
  if (status >= 200 && status <= 599) return status
  throw new OhttpMalformedError(`${status} is no final status`)
}

function encodeText(value: string): Uint8Array[] {
  return encodeBlock(encoder.encode(value))
}

function text(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch (cause) {
    throw new OhttpMalformedError('a field is not UTF-8', cause)
  }
}

function pad(bytes: Uint8Array): Uint8Array {
  const padded = new Uint8Array(bucketOf(bytes.length))
  padded.set(bytes)
  return padded
}
