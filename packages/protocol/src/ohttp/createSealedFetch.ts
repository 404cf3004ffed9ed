import { bytesToHex, type Hex } from 'viem'

import { headers } from '../http/headers.ts'
import type { BinaryRequest, BinaryResponse, HeaderFields } from './binaryHttp.ts'
import { OhttpMalformedError } from './errors.ts'
import { openResponse, openResponseStream, type ResponseStream } from './sealedResponse.ts'
import { type SealedRequest, sealRequest } from './sealRequest.ts'

type Fetch = typeof globalThis.fetch

export type CreateSealedFetchParameters = {
  fetch: Fetch
  /** Where sealed requests are posted: the operator's `/ohttp`, or a relay to it. */
  relay: string
  /** X25519 key under which the operator is registered in `OperatorStaking`: take it from the chain, not from the relay. */
  encryptionKey: Hex
  /** Headers for the relay, such as a key of its own. What the request itself says is sealed. */
  relayHeaders?: Readonly<Record<string, string>>
}

/** Of the connection, or the relay's business. */
const unsealed = new Set(['host', 'connection', 'content-length', 'accept-encoding', 'user-agent'])

/**
 * Creates a `fetch` whose requests only one operator can read (RFC 9458): give it to a client of OpenAI's API as its `fetch`. Each request
 * is named (`x-assay-request`), so that whoever replays it gets no second answer made. Rejects with `OhttpOpenError`,
 * `OhttpMalformedError` or `OhttpTruncatedError`; what the relay itself refuses is returned as it answers.
 *
 * @example
 * const openai = new OpenAI({ baseURL: 'http://operator/v1', fetch: createSealedFetch({ fetch, relay, encryptionKey }) })
 */
export function createSealedFetch(parameters: CreateSealedFetchParameters): Fetch {
  const { fetch, relay, encryptionKey, relayHeaders = {} } = parameters

  return async (input, init) => {
    const asked = new Request(input, init)
    const request = await toBinary(asked)
    const form = wantsStream(request) ? 'chunked' : 'whole'
    const sealed = await sealRequest({ encryptionKey, request, form })
    const response = await fetch(relay, {
      ...{ method: 'POST', body: Uint8Array.from(sealed.bytes), signal: asked.signal },
      headers: { ...relayHeaders, 'content-type': sealed.contentType, accept: sealed.responseType },
    })
    const type = response.headers.get('content-type')?.split(';')[0]
    if (response.ok && type === sealed.responseType) return open(response, sealed)
    if (response.ok) throw new OhttpMalformedError(`the relay answered with ${type}`)
    return response
  }
}

async function open(response: Response, sealed: SealedRequest): Promise<Response> {
  const { responseCipher, responseType } = sealed
  if (responseType === 'message/ohttp-res') {
    const bytes = new Uint8Array(await response.arrayBuffer())
    const { body, ...head } = await openResponse(responseCipher, bytes)
    return toResponse(head, Uint8Array.from(body))
  }
  const { body, ...head } = await openResponseStream(responseCipher, response.body ?? nothing())
  return toResponse(head, ReadableStream.from(body))
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

function toResponse(
  { status, headers: fields }: Omit<BinaryResponse | ResponseStream, 'body'>,
  body: ConstructorParameters<typeof Response>[0],
): Response {
  const headers = fields.map(([name, value]): [string, string] => [name, value])
  // A body would not be allowed with these.
  return new Response([204, 205, 304].includes(status) ? null : body, { status, headers })
}

async function toBinary(asked: Request): Promise<BinaryRequest> {
  const { protocol, host, pathname, search } = new URL(asked.url)
  const fields = new Headers(asked.headers)
  if (!fields.has(headers.request)) {
    fields.set(headers.request, bytesToHex(crypto.getRandomValues(new Uint8Array(32))))
  }
  return {
    ...{ method: asked.method, scheme: protocol.slice(0, -1), authority: host },
    path: `${pathname}${search}`,
    headers: sealedFields(fields),
    body: new Uint8Array(await asked.arrayBuffer()),
  }
}

function sealedFields(fields: Headers): HeaderFields {
  return [...fields].filter(([name]) => !unsealed.has(name))
}

function wantsStream({ body }: BinaryRequest): boolean {
  try {
    return JSON.parse(new TextDecoder().decode(body))?.stream === true
  } catch {
    return false
  }
}
