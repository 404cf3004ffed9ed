import { parseReceiptDocument, parseWire, type ReceiptDocument } from '@assay/protocol/http'
import type { Address } from 'viem'
import { z } from 'zod'

import type { Upstream } from '../catalog/upstream.ts'
import { AttemptError } from '../router/failure.ts'
import { readAll } from '../upstream/readAll.ts'
import type { Transport } from '../upstream/transport.ts'

export type ReadReceiptsParameters = {
  upstream: Upstream
  payer: Address
  /** Sequence of the last receipt that is known. */
  after: bigint
  transport: Transport
  timeoutMs: number
}

const maxBytes = 64 * 1024 * 1024

const listSchema = z.object({ data: z.array(z.unknown()), has_more: z.boolean().default(false) })

/** Asks an operator for the receipts of a channel after one, page by page; throws `AttemptError` or `WireFormatError`. */
export async function readReceipts(parameters: ReadReceiptsParameters): Promise<ReceiptDocument[]> {
  const documents: ReceiptDocument[] = []
  for (let after = parameters.after; ; ) {
    const { data, has_more: hasMore } = await readPage({ ...parameters, after })
    const page = data.map(parseReceiptDocument)
    documents.push(...page)
    const last = page.reduce((most, { receipt }) => max(most, receipt.sequence), after)
    // A page that leads nowhere would be asked for again without end.
    if (!hasMore || last === after) return documents
    after = last
  }
}

async function readPage({ upstream, payer, after, transport, timeoutMs }: ReadReceiptsParameters) {
  const root = upstream.baseUrl.replace(/\/v\d+\w*$/, '')
  const response = await transport({
    method: 'GET',
    url: `${root}/channels/${payer}/receipts?after=${after}`,
    headers: { accept: 'application/json' },
    signal: AbortSignal.timeout(timeoutMs),
  })
  const body = new TextDecoder().decode(await readAll(response, maxBytes))
  if (response.status !== 200) {
    throw new AttemptError('server_error', `The operator answered ${response.status}.`)
  }
  return parseWire('list of receipts', listSchema, () => JSON.parse(body))
}

const max = (a: bigint, b: bigint) => (a > b ? a : b)
