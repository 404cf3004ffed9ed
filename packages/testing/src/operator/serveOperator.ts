import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { hashClaim } from '@assay/protocol'
import {
  encodeReceiptHeader,
  headers as names,
  type Price,
  type ReceiptDocument,
  receiptField,
  saltsOf,
  toReceiptJson,
} from '@assay/protocol/http'
import { commitContent, receiptTypedData, servedModelOf } from '@assay/protocol/receipt'
import {
  type Address,
  getAddress,
  type Hash,
  type Hex,
  keccak256,
  stringToBytes,
  zeroHash,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'

import { createTestLedger } from './ledger.ts'
import { type Lie, tamper } from './lie.ts'

export type ServeOperatorParameters = {
  /** Signs the receipts. */
  privateKey: Hex
  /** In whose name; the key's own by default. */
  operator?: Address
  /** Where answers come from: OpenAI's API, without `/v1`. */
  upstream: string
  chainId: number
  ledger: Address
  /** Name of the model, there and here. */
  model?: string
  version?: Hash
  price?: Price
  maxUnitsOut?: number
  port?: number
}

/** An operator that speaks the protocol and keeps its books in memory, and cheats where a test wants it to. */
export type TestOperator = {
  url: string
  address: Address
  version: Hash
  books: ReturnType<typeof createTestLedger>
  /** Cheats in the answers from now on; in none of them if undefined. */
  setLie: (lie: Lie | undefined) => void
  close: () => Promise<void>
}

/** Serves an operator in front of an upstream. */
export async function serveOperator(parameters: ServeOperatorParameters): Promise<TestOperator> {
  const { upstream, chainId, ledger, model = 'echo-1', version = keccak256('0x01') } = parameters
  const { price = defaultPrice, maxUnitsOut = 64 } = parameters
  const account = privateKeyToAccount(parameters.privateKey)
  const operator = getAddress(parameters.operator ?? account.address)
  const books = createTestLedger({ chainId, ledger, price, maxUnitsOut })
  let lie: Lie | undefined

  async function answer(incoming: IncomingMessage, response: ServerResponse) {
    const request = new Uint8Array(await buffer(incoming))
    const id = String(incoming.headers[names.request]) as Hash
    const known = books.answered.get(id)
    if (known !== undefined) return repeat(response, known)
    const admitted = await books.admit(incoming.headers, request.length)
    if ('short' in admitted) return refuse(response, admitted.short)
    const controller = new AbortController()
    response.once('close', () => controller.abort())
    try {
      const reply = await fetch(`${upstream}${incoming.url}`, {
        method: 'POST',
        body: request,
        headers: { 'content-type': 'application/json' },
        signal: controller.signal,
      })
      if (!reply.ok) {
        const waits = reply.headers.get('retry-after')
        response.writeHead(reply.status, { ...(waits && { 'retry-after': waits }) })
        response.end(Buffer.from(await reply.arrayBuffer()))
        books.release(admitted.payer, admitted.quote)
        return
      }
      const given = {
        id,
        request,
        secret: String(incoming.headers[names.secret]) as Hash,
        ...admitted,
      }
      const isStream = reply.headers.get('content-type')?.startsWith('text/event-stream')
      await (isStream ? stream(reply, response, given) : whole(reply, response, given))
    } catch {
      books.release(admitted.payer, admitted.quote)
      response.destroy()
    }
  }

  type Given = { id: Hash; request: Uint8Array; secret: Hash; payer: Address; quote: bigint }

  async function sign(given: Given, body: Uint8Array, content: 'bytes' | 'events', units: number) {
    const { id, request, secret, payer, quote } = given
    const salts = saltsOf(secret)
    const usage = { unitsIn: BigInt(request.length), unitsOut: BigInt(units) }
    const claim = {
      ...{ requestId: id, model: version, operator, evidenceHash: zeroHash },
      inputHash: commitContent({ salt: salts.input, content: request }),
      outputHash: commitContent({ salt: salts.output, content: body }),
    }
    const receipt = {
      ...{ ...books.next(payer, usage, quote), operator },
      ...{ claimHash: hashClaim(claim), servedModel: servedModelOf(model) },
      issuedAt: BigInt(Math.floor(Date.now() / 1000)),
    }
    const document: ReceiptDocument = {
      ...{ version: 1, chainId, ledger, receipt, claim, servedModel: model, content },
      ...{ usage: 'upstream', signature: await signed(receipt) },
    }
    books.record(document, body, quote)
    return lie === undefined ? document : tamper(lie, document, { signed, books })
  }

  const signed = (receipt: ReceiptDocument['receipt']) =>
    account.signTypedData(receiptTypedData({ chainId, ledger, receipt }))

  async function whole(reply: Response, response: ServerResponse, given: Given) {
    const body = new Uint8Array(await reply.arrayBuffer())
    const document = await sign(given, body, 'bytes', 8)
    response.writeHead(200, {
      'content-type': 'application/json',
      [names.servedModel]: model,
      ...(document && { [names.receipt]: encodeReceiptHeader(document) }),
    })
    response.end(body)
  }

  async function stream(reply: Response, response: ServerResponse, given: Given) {
    response.writeHead(200, { 'content-type': 'text/event-stream', [names.servedModel]: model })
    const contents: string[] = []
    let rest = ''
    for await (const chunk of reply.body!.pipeThrough(new TextDecoderStream())) {
      const parts = (rest + chunk).split('\n\n')
      rest = parts.pop()!
      for (const part of parts) {
        const data = part.slice('data: '.length)
        if (data === '[DONE]') continue
        contents.push(`${data}\n`)
        response.write(`${part}\n\n`)
      }
    }
    const document = await sign(given, stringToBytes(contents.join('')), 'events', contents.length)
    if (document !== undefined) response.write(receiptFrame(document))
    response.end('data: [DONE]\n\n')
  }

  function repeat(
    response: ServerResponse,
    { document, body }: { document: ReceiptDocument; body: Uint8Array },
  ) {
    if (document.content === 'bytes') {
      const header = { [names.receipt]: encodeReceiptHeader(document) }
      response.writeHead(200, { 'content-type': 'application/json', ...header })
      return void response.end(body)
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const lines = new TextDecoder().decode(body).split('\n').slice(0, -1)
    response.write(lines.map((data) => `data: ${data}\n\n`).join(''))
    response.end(`${receiptFrame(document)}data: [DONE]\n\n`)
  }

  const server = createServer((incoming, response) => {
    const path = incoming.url ?? ''
    const show = (value: unknown) => response.end(textOf(value))
    if (path === '/v1/models') return void show(cardOf())
    const [, payer, what] = path.match(/^\/channels\/(0x\w+)(\/receipts)?/) ?? []
    if (payer === undefined) return void answer(incoming, response)
    const { documents, ...state } = books.channelOf(payer as Address)
    const after = BigInt(path.split('after=')[1] ?? 0)
    const left = documents.filter(({ receipt }) => receipt.sequence > after)
    const data = left.slice(0, page).map(toReceiptJson)
    const list = { data, has_more: left.length > page }
    show(what === undefined ? { ...state, payer, operator } : list)
  })

  const cardOf = () => {
    const assay = {
      ...{ operator, version, price, maxUnitsOut, verification: 'receipt' },
      ...{ tasks: ['chat', 'embeddings', 'images'], payments: ['tab'] },
    }
    return { object: 'list', data: [{ id: model, object: 'model', assay }] }
  }

  await new Promise<void>((resolve) => server.listen(parameters.port ?? 0, '127.0.0.1', resolve))
  return {
    ...{ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, version, books },
    address: operator,
    setLie(given) {
      lie = given
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Receipts that one answer lists at most. */
const page = 2

const defaultPrice: Price = { perRequest: 10n, perMillionIn: 1_000_000n, perMillionOut: 2_000_000n }

function refuse(response: ServerResponse, short: object) {
  const error = { message: 'The voucher is short.', type: 'invalid_request_error', param: null }
  response.writeHead(402, { 'content-type': 'application/json' })
  response.end(textOf({ error: { ...error, code: 'voucher_short', ...short } }))
}

const receiptFrame = (document: ReceiptDocument) =>
  `data: ${JSON.stringify({ object: 'chat.completion.chunk', choices: [], [receiptField]: toReceiptJson(document) })}\n\n`

function textOf(value: unknown) {
  return JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? `${part}` : part))
}
