import { hashClaim } from '@assay/protocol'
import {
  AnswerMismatchError,
  encodeReceiptHeader,
  eventContent,
  headers as names,
  OverpricedError,
  type ReceiptDocument,
  saltsOf,
  toReceiptJson,
} from '@assay/protocol/http'
import {
  commitContent,
  receiptTypedData,
  SignerMismatchError,
  servedModelOf,
} from '@assay/protocol/receipt'
import { type Hash, keccak256, stringToBytes, toHex, zeroHash } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'

import { createVerifiedFetch, type VerifiedAnswer } from './createVerifiedFetch.ts'
import { ReceiptForeignError, ReceiptMissingError } from './errors.ts'

const operator = privateKeyToAccount(toHex(1n, { size: 32 }))
const signer = privateKeyToAccount(toHex(3n, { size: 32 }))
const deployment = { chainId: 31337, ledger: '0x5FbDB2315678afecb367f032d93F642f64180aa3' } as const
const events = ['{"choices":[{"delta":{"content":"hé"}}]}', '{"choices":[{"delta":{}}]}']
const body = '{"id":1,"text":"hé"}'

type Cheat = {
  /** Changes what is sent after it was signed. */
  change?: (text: string) => string
  /** Changes the receipt after it was signed. */
  forge?: (document: ReceiptDocument) => ReceiptDocument
  by?: typeof operator
  ledger?: Hash | `0x${string}`
  withoutReceipt?: true
  request?: string
}

async function documentOf(request: Uint8Array, secret: Hash, content: Uint8Array, cheat: Cheat) {
  const salts = saltsOf(secret)
  const claim = {
    ...{ requestId: keccak256('0x1d'), model: keccak256('0x02'), operator: operator.address },
    inputHash: commitContent({ salt: salts.input, content: request }),
    outputHash: commitContent({ salt: salts.output, content }),
    evidenceHash: zeroHash,
  }
  const receipt = {
    ...{ claimHash: hashClaim(claim), payer: signer.address, operator: operator.address },
    ...{ sequence: 1n, fee: 25n, cumulativeFee: 25n, servedModel: servedModelOf('echo-1') },
    ...{ unitsIn: 5n, unitsOut: 4n, issuedAt: 1_700_000_000n },
  }
  const ledger = (cheat.ledger ?? deployment.ledger) as `0x${string}`
  const typed = receiptTypedData({ chainId: 31337, ledger, receipt })
  const document: ReceiptDocument = {
    ...{ version: 1, chainId: 31337, ledger, receipt, claim, servedModel: 'echo-1' },
    ...{ signature: await (cheat.by ?? operator).signTypedData(typed), usage: 'upstream' },
    content: content === undefined ? 'bytes' : 'events',
  }
  return cheat.forge?.(document) ?? document
}

/** An operator that may cheat. */
function serve(cheat: Cheat = {}): typeof fetch {
  return async (input, init) => {
    const asked = new Request(input, init)
    const secret = asked.headers.get(names.secret) as Hash
    const request = new Uint8Array(await asked.arrayBuffer())
    const { change = (text: string) => text } = cheat
    if (asked.method === 'GET') return new Response('models')
    if (!new TextDecoder().decode(request).includes('stream')) {
      const document = {
        ...(await documentOf(request, secret, stringToBytes(body), cheat)),
        content: 'bytes' as const,
      }
      const headers = cheat.withoutReceipt ? {} : { [names.receipt]: encodeReceiptHeader(document) }
      return new Response(change(body), { headers })
    }
    const document = await documentOf(request, secret, eventContent(events), cheat)
    const receipt = JSON.stringify({ choices: [], inference_receipt: toReceiptJson(document) })
    const sent = [...events, ...(cheat.withoutReceipt ? [] : [receipt]), '[DONE]']
    const text = change(sent.map((data) => `data: ${data}\n\n`).join(''))
    const chunks = [...Buffer.from(text)].map((byte) => Uint8Array.of(byte))
    return new Response(ReadableStream.from(chunks), {
      headers: { 'content-type': 'text/event-stream; charset=utf-8' },
    })
  }
}

const url = 'http://operator/v1/chat/completions'
const kinds = [
  ['body', '{"model":"echo"}'],
  ['stream', '{"model":"echo","stream":true}'],
] as const

async function ask(
  request: string,
  cheat: Cheat = {},
  options: Partial<Parameters<typeof createVerifiedFetch>[0]> = {},
) {
  const answers: VerifiedAnswer[] = []
  const verified = createVerifiedFetch({
    ...{ fetch: serve(cheat), deployment, onAnswer: (answer) => answers.push(answer) },
    ...options,
  })
  const response = await verified(url, { method: 'POST', body: request })
  return { text: await response.text(), answers }
}

test.each(kinds)('default: a %s whose receipt holds', async (kind, request) => {
  const { text, answers } = await ask(request)
  expect(text).toContain('hé')
  expect(answers[0]!.document.receipt.fee).toBe(25n)
  if (kind === 'stream') expect(text.endsWith('data: [DONE]\n\n')).toBe(true)
})

test('behavior: two requests have two secrets', async () => {
  const [first, second] = await Promise.all([ask(kinds[0][1]), ask(kinds[0][1])])
  expect(first.answers[0]!.secret).not.toBe(second.answers[0]!.secret)
})

test('behavior: reads and errors are returned as they are', async () => {
  const verified = createVerifiedFetch({ fetch: serve(), deployment })
  expect(await (await verified('http://operator/v1/models')).text()).toBe('models')
  const refusing = async () => new Response('{"error":{}}', { status: 402 })
  const refused = createVerifiedFetch({ fetch: refusing, deployment })
  expect((await refused(url, { method: 'POST', body: '{}' })).status).toBe(402)
})

test('behavior: an error within a stream is passed on', async () => {
  const broken = (text: string) =>
    `${text.slice(0, text.indexOf('\n\n') + 2)}data: {"error":{}}\n\n`
  const { text, answers } = await ask(kinds[1][1], { change: broken })
  expect(text).toContain('{"error":{}}')
  expect(answers).toEqual([])
})

test.each(kinds)('behavior: a %s of a key that binds the operator', async (_, request) => {
  const cheat = { by: signer }
  await expect(ask(request, cheat)).rejects.toThrow(SignerMismatchError)
  const isSigner = (address: string) => address === signer.address
  expect((await ask(request, cheat, { isSigner })).answers.length).toBe(1)
})

test.each(kinds)('error: a %s that is not what was signed', async (_, request) => {
  const change = (text: string) => text.replace('hé', 'ha')
  await expect(ask(request, { change })).rejects.toThrow(AnswerMismatchError)
  await expect(ask(request, { withoutReceipt: true })).rejects.toThrow(ReceiptMissingError)
  const ledger = operator.address
  await expect(ask(request, { ledger })).rejects.toThrow(ReceiptForeignError)
  const forge = (document: ReceiptDocument) => ({
    ...document,
    receipt: { ...document.receipt, fee: 24n },
  })
  await expect(ask(request, { forge })).rejects.toThrow(SignerMismatchError)
  const accept = ({ receipt }: ReceiptDocument) => {
    if (receipt.fee > 24n) throw new OverpricedError(receipt.fee, 24n)
  }
  await expect(ask(request, {}, { accept })).rejects.toThrow(OverpricedError)
})

test('error: a stream that is cut, or goes on after its receipt', async () => {
  const request = kinds[1][1]
  const cut = (text: string) => text.slice(0, text.indexOf('inference_receipt') - 20)
  await expect(ask(request, { change: cut })).rejects.toThrow(ReceiptMissingError)
  const more = (text: string) => text.replace('data: [DONE]', 'data: {"choices":[]}')
  await expect(ask(request, { change: more })).rejects.toThrow(ReceiptMissingError)
})
