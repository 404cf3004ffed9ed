import { parseReceiptDocument, type ReceiptDocument } from '@assay/protocol/http'
import type { Address } from 'viem'

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

/** Asks an operator for the receipts of a channel after one, by sequence; throws `AttemptError` or `WireFormatError`. */
export async function readReceipts(parameters: ReadReceiptsParameters): Promise<ReceiptDocument[]> {
  const { upstream, payer, after, transport, timeoutMs } = parameters
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
  return listOf(body).map(parseReceiptDocument)
}

function listOf(body: string): unknown[] {
  try {
    const value: unknown = JSON.parse(body)
    const list = Array.isArray(value) ? value : (value as { receipts?: unknown } | null)?.receipts
    if (Array.isArray(list)) return list
  } catch (cause) {
    throw new AttemptError('malformed', 'The list of receipts is not JSON.', { cause })
  }
  throw new AttemptError('malformed', 'The operator answered with no list of receipts.')
}
