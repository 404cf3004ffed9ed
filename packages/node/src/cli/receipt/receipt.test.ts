import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hashClaim } from '@assay/protocol'
import {
  encodeReceiptHeader,
  eventContent,
  type ReceiptDocument,
  receiptField,
  saltsOf,
  toReceiptJson,
} from '@assay/protocol/http'
import {
  commitContent,
  receiptIdOf,
  receiptTypedData,
  servedModelOf,
} from '@assay/protocol/receipt'
import { type Hash, keccak256, stringToBytes, toHex, zeroHash } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { exitCodes } from '../exitCodes.ts'
import { runCli } from '../runCli.ts'

const operator = privateKeyToAccount(toHex(1n, { size: 32 }))
const secret = keccak256('0x5ec7')
const ledger = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
const request = '{"model":"echo","stream":true}'
const events = ['{"choices":[{"delta":{"content":"hé"}}]}', '{"choices":[]}']

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

async function createDocument(): Promise<ReceiptDocument> {
  const salts = saltsOf(secret)
  const claim = {
    ...{ requestId: keccak256('0x1d'), model: keccak256('0x02'), operator: operator.address },
    inputHash: commitContent({ salt: salts.input, content: stringToBytes(request) }),
    outputHash: commitContent({ salt: salts.output, content: eventContent(events) }),
    evidenceHash: zeroHash,
  }
  const payer = privateKeyToAccount(toHex(2n, { size: 32 })).address
  const receipt = {
    ...{ claimHash: hashClaim(claim), payer, operator: operator.address, sequence: 3n },
    ...{ fee: 25n, cumulativeFee: 75n, servedModel: servedModelOf('echo-1') },
    ...{ unitsIn: 5n, unitsOut: 4n, issuedAt: 1_700_000_000n },
  }
  const signature = await operator.signTypedData(
    receiptTypedData({ chainId: 31337, ledger, receipt }),
  )
  return {
    ...{ version: 1, chainId: 31337, ledger, receipt, signature, claim },
    ...{ servedModel: 'echo-1', usage: 'upstream', content: 'events' },
  }
}

function streamOf(document: ReceiptDocument, contents = events) {
  const last = JSON.stringify({ choices: [], [receiptField]: toReceiptJson(document) })
  return [...contents, last, '[DONE]']
    .map((data) => `: padding\r\n\r\ndata: ${data}\r\n\r\n`)
    .join('')
}

function keep(name: string, content: string) {
  const file = join(folder, name)
  writeFileSync(file, content)
  return file
}

async function verify(...arguments_: string[]) {
  const [written, failed]: [string[], string[]] = [[], []]
  const code = await runCli({
    arguments: ['receipt', 'verify', ...arguments_],
    write: (text) => written.push(text),
    writeError: (text) => failed.push(text),
    signal: new AbortController().signal,
  })
  return { code, output: written.join(''), errors: failed.join('') }
}

test('default: a stream as curl keeps it, with the request that was sent', async () => {
  const document = await createDocument()
  const [stream, body] = [keep('answer.sse', streamOf(document)), keep('request.json', request)]
  const { code, output } = await verify(stream, '--request', body, '--secret', secret)
  expect(code).toBe(0)
  expect(output).toContain('25 token units, 75 in all')
  expect(output).toContain('request    is the one of the claim')
  expect(output).toContain('answer     is the one of the claim')
})

test('default: a receipt alone, as JSON or as the header has it', async () => {
  const document = await createDocument()
  const { chainId, receipt } = document
  const kept = [JSON.stringify(toReceiptJson(document)), encodeReceiptHeader(document)]
  for (const content of kept) {
    const { code, output } = await verify(keep('receipt', content), '--json')
    const data = JSON.parse(output)
    expect(code).toBe(0)
    expect(data).toMatchObject({ checked: { request: false, response: false } })
    expect(data.id).toBe(receiptIdOf({ chainId, ledger, receipt }))
  }
})

test('error: an answer, a request, an operator, a model that is another', async () => {
  const document = await createDocument()
  const changed = keep('changed.sse', streamOf(document, [events[0]!.replace('hé', 'ha')]))
  const stream = keep('answer.sse', streamOf(document))
  const other = keep('other.json', request.replace('echo', 'else'))
  for (const arguments_ of [
    [changed, '--secret', secret],
    [stream, '--secret', keccak256('0x00')],
    [stream, '--secret', secret, '--request', other],
    [stream, '--operator', ledger],
    [stream, '--model', keccak256('0x03')],
    [stream, '--name', keccak256('0x03')],
  ]) {
    const { code, errors } = await verify(...arguments_)
    expect([code, errors]).toEqual([exitCodes.unsound, expect.stringContaining('receipt')])
  }
})

test('error: another signer, unless it may sign', async () => {
  const document = await createDocument()
  const signer = privateKeyToAccount(toHex(3n, { size: 32 }))
  const typed = receiptTypedData(document)
  const signed = { ...document, signature: await signer.signTypedData(typed) }
  const file = keep('receipt.json', JSON.stringify(toReceiptJson(signed)))
  expect((await verify(file)).code).toBe(exitCodes.unsound)
  expect((await verify(file, '--signer', signer.address)).code).toBe(0)
})

test('error: files that hold no receipt', async () => {
  for (const content of ['{', '{}', '', 'data: {}\n\n', 'aGVsbG8'])
    expect((await verify(keep('file', content))).code).toBe(exitCodes.usage)
  expect((await verify(join(folder, 'absent'))).code).toBe(exitCodes.usage)
  const document = await createDocument()
  const continued = `${streamOf(document)}data: {"more":1}\n\n`
  expect((await verify(keep('file', continued))).code).toBe(exitCodes.usage)
  const id: Hash = zeroHash
  expect((await verify(keep('file', ''), '--secret', id.slice(2))).code).toBe(exitCodes.usage)
})
