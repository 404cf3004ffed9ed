import { decodeReceiptHeader, headers as names, verifyAnswer } from '@assay/protocol/http'
import { receiptIdOf } from '@assay/protocol/receipt'
import { encodeTrace, executeTrace, outputOf } from '@assay/tensor'
import { randomRun } from '@assay/tensor/examples'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { createExactBackend } from '../../packages/node/src/backend/createExactBackend.ts'
import { createExactServedBackend } from '../../packages/node/src/serving/exact/createExactServedBackend.ts'
import { operator, paying, price, type Serving, startServing, version } from './startServing.ts'

const { program, input } = randomRun(3)
const trace = executeTrace(program, input)
const output = outputOf(trace)
const rowLength = program.operators.at(-1)!.rowBytes
let serving: Serving

beforeAll(async () => {
  const exact = createExactBackend({ modelVersion: version, program })
  const backend = createExactServedBackend({ name: 'exact', backend: exact, rowLength })
  serving = await startServing({
    models: [
      {
        ...{ name: 'exact', version, backend, price, maxUnitsOut: output.length },
        ...{ payments: ['tab'], verification: 'exact', countsHidden: false },
      },
    ],
  })
})
afterAll(() => serving.close())

async function infer(body: object, path = '/v1/infer', extra: Record<string, string> = {}) {
  const text = JSON.stringify({ model: 'exact', ...body })
  return fetch(`${serving.url}${path}`, {
    method: 'POST',
    headers: { ...(await paying()), ...extra },
    body: text,
  })
}

const base64 = Buffer.from(input).toString('base64')

test('default: answers tensors with the commitments of its trace, and keeps the trace', async () => {
  const response = await infer({ input: base64 })
  expect(response.headers.get(names.verification)).toBe('exact')
  const rows = Array.from({ length: output.length / rowLength }, (_, row) => [
    ...output.subarray(row * rowLength, (row + 1) * rowLength),
  ])
  expect(await response.json()).toMatchObject({
    ...{ object: 'inference', shape: [rows.length, rowLength], output: rows },
  })
  const document = decodeReceiptHeader(response.headers.get(names.receipt)!)
  await verifyAnswer({ document, price })
  const { inputHash, outputHash, evidenceHash } = trace
  expect(document).toMatchObject({ content: 'tensor', usage: 'upstream' })
  expect(document.claim).toMatchObject({
    ...{ model: version, operator: operator.address, inputHash, outputHash, evidenceHash },
  })
  expect(document.receipt).toMatchObject({
    ...{ unitsIn: BigInt(input.length), unitsOut: BigInt(output.length) },
  })
  const kept = serving.journal.results.trace(receiptIdOf(document))
  expect(kept).toEqual({ bytes: encodeTrace(trace), readers: undefined })
})

test('behavior: the trace of what is private is shown to nobody who asks', async () => {
  const response = await infer({ input: base64 }, '/v1/infer', { [names.privacy]: 'payment' })
  const document = decodeReceiptHeader(response.headers.get(names.receipt)!)
  expect(serving.journal.results.trace(receiptIdOf(document))?.readers).toEqual([])
})

test('behavior: takes nested numbers, and gives base64', async () => {
  const nested = [[...input.subarray(0, 1)], [[...input.subarray(1)]]]
  const response = await infer({ input: nested, encoding_format: 'base64' })
  const { output: encoded } = (await response.json()) as { output: string }
  expect(new Uint8Array(Buffer.from(encoded, 'base64'))).toEqual(output)
})

test.each([
  ['too short', { input: Buffer.from(input.subarray(1)).toString('base64') }],
  ['no base64', { input: '%%%' }],
  ['no whole numbers', { input: [...input.subarray(1), 0.5] }],
  ['numbers over 255', { input: [...input.subarray(1), 256] }],
  ['no numbers', { input: [...input.subarray(1), '1'] }],
])('error: an input that has %s is refused, and charged nothing', async (_, body) => {
  const before = serving.issuer.state()
  const response = await infer(body)
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ error: { code: 'invalid_tensor', param: 'input' } })
  expect(serving.issuer.state()).toEqual(before)
})

test('error: it does not chat', async () => {
  const messages = [{ role: 'user', content: 'hello' }]
  const response = await infer({ messages }, '/v1/chat/completions')
  expect(await response.json()).toMatchObject({ error: { code: 'unsupported_task' } })
})
