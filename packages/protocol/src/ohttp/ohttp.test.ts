import { bytesToHex, concatBytes, hexToBytes, stringToBytes, toHex } from 'viem'
import { describe, expect, test } from 'vitest'
import { suite } from '../envelope/suite.ts'
import { deriveEncryptionKeys, encryptionKeyOf } from '../exports/envelope.ts'
import {
  type BinaryRequest,
  bucketOf,
  createSealedFetch,
  decodeBinaryRequest,
  decodeBinaryResponse,
  encodeBinaryRequest,
  encodeKeys,
  eventQuantum,
  type Form,
  forms,
  OhttpMalformedError,
  OhttpOpenError,
  OhttpTruncatedError,
  openRequest,
  openResponse,
  openResponseStream,
  paddingComment,
  sealRequest,
  sealResponse,
  sealResponseStream,
} from '../exports/ohttp.ts'
import { createResponseCipher } from './responseKeys.ts'

const body = stringToBytes('{"model":"echo","stream":true}')
const request: BinaryRequest = {
  ...{ method: 'POST', scheme: 'https', authority: 'operator.example', path: '/v1/x?y=ü' },
  ...{ headers: [['content-type', 'application/json']], body },
}
const response = { status: 200, headers: [['x-assay-operator', '0x1']] as const, body }

async function setUp(form: Form = 'whole') {
  const keys = await deriveEncryptionKeys(toHex(5n, { size: 32 }))
  const encryptionKey = await encryptionKeyOf(keys)
  const sealed = await sealRequest({ encryptionKey, request, form })
  const opened = await openRequest({ bytes: sealed.bytes, keys, form })
  return { keys, encryptionKey, sealed, opened, form }
}

async function collect(pieces: AsyncIterable<Uint8Array>) {
  const all: Uint8Array[] = []
  for await (const piece of pieces) all.push(piece)
  return all
}

async function* from(pieces: readonly Uint8Array[]) {
  yield* pieces
}

test.each<Form>(['whole', 'chunked'])('default: a request, %s', async (form) => {
  const { opened } = await setUp(form)
  expect(opened.request).toEqual(request)
})

test('default: a response', async () => {
  const { sealed, opened } = await setUp()
  const bytes = await sealResponse(opened.respond, response)
  expect(await openResponse(sealed.responseCipher, bytes)).toEqual(response)
})

test('default: a response in pieces, however they are cut on the way', async () => {
  const { sealed, opened } = await setUp('chunked')
  const pieces = [body, stringToBytes('x'.repeat(20_000)), new Uint8Array(0), body]
  const { status, headers } = response
  const stream = sealResponseStream(opened.respond, { status, headers, body: from(pieces) })
  const bytes = concatBytes(await collect(stream))
  for (const size of [1, 7, 1000, bytes.length]) {
    const cut = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
      bytes.subarray(i * size, (i + 1) * size),
    )
    const { body: content, ...head } = await openResponseStream(sealed.responseCipher, from(cut))
    expect(head).toEqual({ status, headers })
    expect(concatBytes(await collect(content))).toEqual(concatBytes(pieces))
  }
})

test('behavior: sizes tell the bucket only', async () => {
  const keys = await deriveEncryptionKeys(toHex(5n, { size: 32 }))
  const encryptionKey = await encryptionKeyOf(keys)
  const sizeOf = async (length: number) => {
    const padded = { ...request, body: new Uint8Array(length) }
    return (await sealRequest({ encryptionKey, request: padded })).bytes.length
  }
  expect(await sizeOf(1)).toBe(await sizeOf(800))
  expect(await sizeOf(2_000)).toBe((await sizeOf(1)) + 3 * 1024)
  expect([1, 1024, 1025, 5000].map(bucketOf)).toEqual([1024, 1024, 2048, 8192])
})

test('behavior: comments pad events to whole quanta', () => {
  for (let length = 0; length < 600; length++) {
    const comment = paddingComment(length)
    expect((length + comment.length) % eventQuantum).toBe(0)
    expect(comment).toMatch(/^: *\n\n$/)
  }
})

test('error: a changed byte, anywhere in what is sealed', async () => {
  const { sealed, keys, opened } = await setUp()
  for (let i = 0; i < sealed.bytes.length; i += 41) {
    const bytes = sealed.bytes.with(i, sealed.bytes[i]! ^ 1)
    await expect(openRequest({ bytes, keys, form: 'whole' })).rejects.toThrow(OhttpOpenError)
  }
  const answer = await sealResponse(opened.respond, response)
  for (let i = 0; i < answer.length; i += 41) {
    const bytes = answer.with(i, answer[i]! ^ 1)
    await expect(openResponse(sealed.responseCipher, bytes)).rejects.toThrow(OhttpOpenError)
  }
})

test('error: another key, another form, no request', async () => {
  const { sealed, keys, encryptionKey } = await setUp()
  const { bytes } = sealed
  const other = await deriveEncryptionKeys(toHex(6n, { size: 32 }))
  await expect(openRequest({ bytes, keys: other, form: 'whole' })).rejects.toThrow(OhttpOpenError)
  await expect(openRequest({ bytes, keys, form: 'chunked' })).rejects.toThrow()
  const cut = bytes.subarray(0, 20)
  await expect(openRequest({ bytes: cut, keys, form: 'whole' })).rejects.toThrow(
    OhttpMalformedError,
  )
  await expect(sealRequest({ encryptionKey: toHex(0n, { size: 32 }), request })).rejects.toThrow(
    OhttpOpenError,
  )
  expect(encryptionKey).toHaveLength(66)
})

test('error: a stream that is cut, reordered or goes on', async () => {
  const { sealed, opened } = await setUp('chunked')
  const stream = sealResponseStream(opened.respond, { ...response, body: from([body, body]) })
  const chunks = await collect(stream)
  const read = async (pieces: readonly Uint8Array[]) =>
    collect((await openResponseStream(sealed.responseCipher, from(pieces))).body)
  expect(await read(chunks)).toEqual([body, body])
  await expect(read(chunks.slice(0, -1))).rejects.toThrow(OhttpTruncatedError)
  await expect(read(chunks.slice(0, 1))).rejects.toThrow(OhttpTruncatedError)
  const [nonce, head, first, second, last] = chunks as [Uint8Array, ...Uint8Array[]]
  await expect(read([nonce, head!, second!, first!, last!])).rejects.toThrow(OhttpOpenError)
  await expect(read([...chunks, new Uint8Array(1)])).rejects.toThrow(OhttpOpenError)
})

test('error: binary HTTP with a tail, a request for a response, an absurd length', () => {
  const encoded = encodeBinaryRequest(request)
  expect(() => decodeBinaryRequest(concatBytes([encoded, Uint8Array.of(1)]))).toThrow(
    OhttpMalformedError,
  )
  expect(() => decodeBinaryResponse(encoded)).toThrow(OhttpMalformedError)
  expect(() => decodeBinaryRequest(hexToBytes('0x00ffffffffffffffff'))).toThrow(OhttpMalformedError)
  expect(() => decodeBinaryRequest(hexToBytes('0x0001ff'))).toThrow(OhttpMalformedError)
  expect(() => decodeBinaryResponse(hexToBytes('0x014064'))).toThrow(OhttpMalformedError)
})

test('behavior: a sealed fetch names its request and shows its relay nothing', async () => {
  const { keys, encryptionKey } = await setUp()
  const seen: string[] = []
  const relayed = async (_: unknown, init?: RequestInit) => {
    const asked = new Request('http://relay/', init as RequestInit)
    const bytes = new Uint8Array(await asked.arrayBuffer())
    seen.push(`${[...asked.headers]} ${Buffer.from(bytes).toString('latin1')}`)
    const isChunked = asked.headers.get('content-type') === forms.chunked.requestType
    const form = isChunked ? 'chunked' : 'whole'
    const opened = await openRequest({ bytes, keys, form })
    const headers = [...opened.request.headers, ['x-path', opened.request.path]] as const
    const answer = { status: 201, headers, body: opened.request.body }
    const sealed = isChunked
      ? ReadableStream.from(sealResponseStream(opened.respond, { ...answer, body: from([body]) }))
      : Uint8Array.from(await sealResponse(opened.respond, answer))
    return new Response(sealed, { headers: { 'content-type': forms[form].responseType } })
  }
  const relayHeaders = { authorization: 'Bearer relay' }
  const parameters = { fetch: relayed as typeof fetch, relay: 'http://relay/' }
  const sealedFetch = createSealedFetch({ ...parameters, encryptionKey, relayHeaders })
  for (const text of ['{"stream":true,"secret":1}', '{"secret":1}']) {
    const init = { method: 'POST', body: text, headers: { authorization: 'Bearer secret' } }
    const answer = await sealedFetch('http://operator.example/v1/chat?x=1', init)
    expect(answer.status).toBe(201)
    expect(answer.headers.get('x-path')).toBe('/v1/chat?x=1')
    expect(answer.headers.get('x-assay-request')).toMatch(/^0x[0-9a-f]{64}$/)
    expect(answer.headers.get('authorization')).toBe('Bearer secret')
    expect(await answer.text()).toBe(
      text.includes('stream') ? new TextDecoder().decode(body) : text,
    )
  }
  expect(seen.join()).not.toContain('secret')
  expect(seen.join()).toContain('Bearer relay')
})

test('behavior: what the relay refuses is returned, what it makes up is not', async () => {
  const { encryptionKey } = await setUp()
  const answering = (answer: Response) =>
    createSealedFetch({
      ...{ fetch: (async () => answer) as typeof fetch, relay: 'http://relay/', encryptionKey },
    })('http://operator/')
  expect((await answering(new Response('no', { status: 401 }))).status).toBe(401)
  await expect(answering(new Response('{}'))).rejects.toThrow(OhttpMalformedError)
})

describe('RFC 9458, appendix A', () => {
  const secret = '0x3c168975674b2fa8e465970b79c8dcf09f1c741626480bd4c6162fc5b6a98e1a'
  const publicKey = '0x31e1f05a740102115220e9af918f738674aec95f54db6e04eb705aae8e798155'
  const sealed =
    '0x010020000100014b28f881333e7c164ffc499ad9796f877f4e1051ee6d31bad19dec96c208b4726374e469135906992e1268c594d2a10c695d858c40a026e7965e7d86b83dd440b2c0185204b4d63525'
  const answer = '0xc789e7151fcba46158ca84b04464910d86f9013e404feea014e7be4a441f234f857fbd'

  test('behavior: opens the request', async () => {
    const keys = {
      privateKey: await suite.DeserializePrivateKey(hexToBytes(secret)),
      publicKey: await suite.DeserializePublicKey(hexToBytes(publicKey)),
    }
    const parameters = { bytes: hexToBytes(sealed), keys, form: 'whole' } as const
    const { request: opened } = await openRequest(parameters)
    expect(opened).toEqual({
      ...{ method: 'GET', scheme: 'https', authority: 'example.com', path: '/' },
      ...{ headers: [], body: new Uint8Array(0) },
    })
    const keyPair = { encapsulated: hexToBytes(sealed).subarray(7, 39) }
    const context = await suite.SetupRecipient(keys, keyPair.encapsulated, {
      info: concatBytes([
        stringToBytes('message/bhttp request\0'),
        hexToBytes(sealed).subarray(0, 7),
      ]),
    })
    const exported = await context.Export(stringToBytes('message/bhttp response'), 16)
    const cipherOf = (responseNonce: Uint8Array) =>
      createResponseCipher({ secret: exported, ...keyPair, responseNonce })
    expect(await openResponse(cipherOf, hexToBytes(answer))).toEqual({
      ...{ status: 200, headers: [], body: new Uint8Array(0) },
    })
  })

  test('behavior: publishes a key as it does, with the suite that everybody has', () => {
    expect(bytesToHex(encodeKeys(publicKey))).toBe(`0x0029010020${publicKey.slice(2)}000400010001`)
  })
})
