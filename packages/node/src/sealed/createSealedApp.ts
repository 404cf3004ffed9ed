import type { EncryptionKeys } from '@assay/protocol/envelope'
import { encryptionKeyOf } from '@assay/protocol/envelope'
import { errorBody } from '@assay/protocol/http'
import {
  type BinaryRequest,
  encodeKeys,
  type Form,
  forms,
  type HeaderFields,
  OhttpMalformedError,
  OhttpOpenError,
  type OpenedRequest,
  openRequest,
  sealResponse,
  sealResponseStream,
} from '@assay/protocol/ohttp'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'

import { padEvents } from './padEvents.ts'

export type CreateSealedAppDependencies = {
  /** The keys under whose public half the operator is registered. */
  keys: () => Promise<EncryptionKeys>
  /** Answers what was sealed, as if it had come in the open. */
  fetch: (request: Request) => Response | Promise<Response>
  /** Most bytes of a sealed request. */
  maxBytes: number
}

/** Of the connection, which the relay has with us and the client has not. */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'te',
  'trailer',
])

/**
 * Creates the door for sealed requests (docs/protocol/sealed.md): opens one, has it answered, and seals the answer, in pieces
 * where the client asked for that.
 */
export function createSealedApp(dependencies: CreateSealedAppDependencies): Hono {
  const { keys, maxBytes } = dependencies
  const app = new Hono()
  app.get('/.well-known/ohttp-gateway', async (context) => {
    const config = Uint8Array.from(encodeKeys(await encryptionKeyOf(await keys())))
    return context.body(config, 200, { 'content-type': 'application/ohttp-keys' })
  })
  const limit = bodyLimit({ maxSize: maxBytes, onError: (context) => tooLarge(context, maxBytes) })
  app.post('/ohttp', limit, (context) => answer(context, dependencies))
  return app
}

async function answer(context: Context, { keys, fetch }: CreateSealedAppDependencies) {
  const form = formOf(context.req.header('content-type'))
  if (form === undefined) {
    const message = `The body has to be ${forms.whole.requestType} or ${forms.chunked.requestType}.`
    return refuse(context, 415, 'unsupported_media_type', message)
  }
  try {
    const bytes = new Uint8Array(await context.req.arrayBuffer())
    const opened = await openRequest({ bytes, keys: await keys(), form })
    const request = requestOf(opened.request, context.req.raw)
    if (request === undefined)
      return refuse(context, 400, 'malformed', 'The sealed request names no path of ours.')
    return await seal(opened, form, await fetch(request))
  } catch (error) {
    if (error instanceof OhttpMalformedError) {
      return refuse(context, 400, 'malformed', error.shortMessage)
    }
    if (error instanceof OhttpOpenError)
      return refuse(context, 422, 'unopenable', error.shortMessage)
    throw error
  }
}

function formOf(contentType: string | undefined): Form | undefined {
  const type = contentType?.split(';')[0]?.trim()
  return (['whole', 'chunked'] as const).find((form) => forms[form].requestType === type)
}

/** What was sealed cannot be sealed again inside: that would be a loop for free. */
function requestOf({ method, path, headers, body }: BinaryRequest, outer: Request) {
  const base = new URL(outer.url)
  if (!path.startsWith('/') || !URL.canParse(path, base.origin)) return undefined
  const url = new URL(path, base)
  if (url.origin !== base.origin || url.pathname === '/ohttp') return undefined
  try {
    return new Request(url, {
      ...{ method, headers: headers.map(([name, value]): [string, string] => [name, value]) },
      ...(body.length > 0 && { body: Uint8Array.from(body) }),
      signal: outer.signal,
    })
  } catch {
    // A method, a header or a body that HTTP does not allow.
    return undefined
  }
}

async function seal({ respond }: OpenedRequest, form: Form, response: Response) {
  const { status } = response
  const headers = fieldsOf(response.headers)
  const type = { 'content-type': forms[form].responseType, 'cache-control': 'no-store' }
  if (form === 'whole') {
    const body = new Uint8Array(await response.arrayBuffer())
    return new Response(Uint8Array.from(await sealResponse(respond, { status, headers, body })), {
      headers: type,
    })
  }
  const isEvents = response.headers.get('content-type')?.startsWith('text/event-stream') === true
  const content = response.body ?? nothing()
  const body = isEvents ? padEvents(content) : content
  const sealed = sealResponseStream(respond, { status, headers, body })
  return new Response(ReadableStream.from(sealed), { headers: type })
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

function fieldsOf(headers: Headers): HeaderFields {
  return [...headers].filter(([name]) => !hopByHop.has(name))
}

const tooLarge = (context: Context, maxBytes: number) =>
  refuse(context, 413, 'too_large', `Sealed requests have at most ${maxBytes} bytes here.`)

function refuse(context: Context, status: 400 | 413 | 415 | 422, code: string, message: string) {
  return context.json(errorBody({ message, type: 'invalid_request_error', code }), status)
}
