import { keccak256, stringToBytes, toHex, zeroHash } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'

import { hashClaim } from '../claim/hashClaim.ts'
import {
  AnswerMismatchError,
  decodeReceiptHeader,
  decodeVoucherHeader,
  encodeReceiptHeader,
  encodeVoucherHeader,
  eventContent,
  feeOf,
  OverpricedError,
  parseReceiptDocument,
  quoteOf,
  type ReceiptDocument,
  saltsOf,
  toReceiptJson,
  verifyAnswer,
  WireFormatError,
} from '../exports/http.ts'
import {
  commitContent,
  receiptTypedData,
  SignerMismatchError,
  servedModelOf,
} from '../exports/receipt.ts'

const operator = privateKeyToAccount(toHex(1n, { size: 32 }))
const payer = privateKeyToAccount(toHex(2n, { size: 32 })).address
const ledger = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
const secret = keccak256('0x5ec7')
const requestId = keccak256('0x1d')
const request = stringToBytes('{"model":"echo"}')
const events = ['{"choices":[{"delta":{"content":"hé"}}]}', '{"choices":[],"usage":{}}']
const response = eventContent(events)
const price = { perRequest: 10n, perMillionIn: 1_000_000n, perMillionOut: 2_500_000n }

async function createDocument(fee = 25n): Promise<ReceiptDocument> {
  const salts = saltsOf(secret)
  const claim = {
    ...{ requestId, model: keccak256('0x02'), operator: operator.address },
    inputHash: commitContent({ salt: salts.input, content: request }),
    outputHash: commitContent({ salt: salts.output, content: response }),
    evidenceHash: zeroHash,
  }
  const receipt = {
    ...{ claimHash: hashClaim(claim), payer, operator: operator.address, sequence: 1n },
    ...{ fee, cumulativeFee: fee, servedModel: servedModelOf('echo-1') },
    ...{ unitsIn: 5n, unitsOut: 4n, issuedAt: 1_700_000_000n },
  }
  const typed = receiptTypedData({ chainId: 31337, ledger, receipt })
  return {
    ...{ version: 1, chainId: 31337, ledger, receipt, claim, servedModel: 'echo-1' },
    ...{ signature: await operator.signTypedData(typed), usage: 'upstream', content: 'events' },
  }
}

test('default: an answer and its receipt', async () => {
  const document = await createDocument()
  const quote = quoteOf({ price, requestBytes: request.length, maxUnitsOut: 4 })
  await verifyAnswer({ document, requestId, secret, request, response, price, quote })
})

test('behavior: a document survives its header and its JSON', async () => {
  const document = await createDocument()
  expect(decodeReceiptHeader(encodeReceiptHeader(document))).toEqual(document)
  expect(parseReceiptDocument(toReceiptJson(document))).toEqual(document)
})

test('behavior: a voucher survives its header', async () => {
  const session = { payer, key: payer, operator: operator.address, cap: 1n << 127n, expiry: 3n }
  const voucher = { payer, operator: operator.address, cap: 7n, signature: '0x1234' } as const
  for (const sent of [voucher, { ...voucher, session: { ...session, signature: '0x56' } as const }])
    expect(decodeVoucherHeader(encodeVoucherHeader(sent))).toEqual(sent)
})

test('behavior: fees round up, and quotes bound them', () => {
  expect(feeOf(price, { unitsIn: 5n, unitsOut: 4n })).toBe(25n)
  expect(feeOf({ ...price, perMillionOut: 1n }, { unitsIn: 0n, unitsOut: 1n })).toBe(11n)
  expect(quoteOf({ price, requestBytes: 100, maxUnitsOut: 4 })).toBe(10n + 356n + 10n)
})

test('behavior: one salt does not tell the other', () => {
  const { input, output } = saltsOf(secret)
  expect(new Set([input, output, secret]).size).toBe(3)
})

test('error: another answer, request, secret or name', async () => {
  const document = await createDocument()
  const given = { document, requestId, secret, request, response }
  const other = new Uint8Array([1])
  for (const change of [
    ...[{ request: other }, { response: other }, { secret: keccak256('0x00') }],
    ...[{ requestId: keccak256('0x00') }, { document: { ...document, servedModel: 'echo-2' } }],
  ]) {
    await expect(verifyAnswer({ ...given, ...change })).rejects.toThrow(AnswerMismatchError)
  }
})

test('error: a fee above the price or the quote', async () => {
  const document = await createDocument(26n)
  await expect(verifyAnswer({ document, price })).rejects.toThrow(OverpricedError)
  await expect(verifyAnswer({ document, quote: 25n })).rejects.toThrow(OverpricedError)
})

test('error: another signer', async () => {
  const document = await createDocument()
  const forged = { ...document, receipt: { ...document.receipt, fee: 1n } }
  await expect(verifyAnswer({ document: forged })).rejects.toThrow(SignerMismatchError)
})

test('error: contents that cannot be checked', async () => {
  const document = await createDocument()
  await expect(verifyAnswer({ document, request })).rejects.toThrow(WireFormatError)
})

test('error: malformed headers', () => {
  const json = (value: unknown) => btoa(JSON.stringify(value)).replaceAll('=', '')
  for (const value of ['', '%', 'bm8', json({}), json({ payer, operator: payer, cap: 1 }), '_w'])
    expect(() => decodeVoucherHeader(value)).toThrow(WireFormatError)
  for (const cap of ['-1', '1.5', '01', '0x1', `${1n << 128n}`])
    expect(() =>
      decodeVoucherHeader(json({ payer, operator: payer, cap, signature: '0x' })),
    ).toThrow(WireFormatError)
})
