import {
  hashField,
  parseReceiptDocument,
  parseWire,
  type ReceiptDocument,
  uintField,
} from '@assay/protocol/http'
import type { Hash } from 'viem'
import { z } from 'zod'

import { ChainError } from '../chain/errors.ts'
import { ConfigError } from '../errors.ts'

/** Where in a batch an operator says that a receipt is. */
const placementSchema = z.object({
  batch: z
    .object({
      number: uintField(64),
      leaf: uintField(53),
      /** Siblings from the leaf upwards. */
      path: z.array(hashField).max(64),
    })
    .nullish(),
})

export type Placement = NonNullable<z.output<typeof placementSchema>['batch']>

export type FetchedReceipt = {
  document: ReceiptDocument
  /** Undefined while the receipt is in no batch, or where the operator does not say. */
  placement: Placement | undefined
}

export type FetchReceiptParameters = {
  /** Base of the operator's or gateway's URL; what a client has as base, ending in `/v1`, serves as well. */
  url: string
  id: Hash
  fetch: typeof globalThis.fetch
  signal: AbortSignal
}

const [timeoutMs, maxBytes] = [10_000, 2 ** 20]

/** Asks for a receipt by its id; undefined if it is not known there. Throws `ConfigError`, `ChainError` or `WireFormatError`. */
export async function fetchReceipt(
  parameters: FetchReceiptParameters,
): Promise<FetchedReceipt | undefined> {
  const { id, fetch, signal } = parameters
  const url = urlOf(parameters.url, id)
  const limited = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
  let response: Response
  let text: string
  try {
    response = await fetch(url, { redirect: 'error', signal: limited })
    text = await readText(response)
  } catch (cause) {
    if (cause instanceof ChainError) throw cause
    throw new ChainError(`${url.host} does not show its receipts.`, { cause })
  }
  if (response.status === 404) return undefined
  if (response.status !== 200) throw new ChainError(`${url.host} answered ${response.status}.`)
  const value = parseWire('receipt', z.unknown(), () => JSON.parse(text))
  const { batch } = parseWire('place of the receipt', placementSchema, () => value)
  return { document: parseReceiptDocument(value), placement: batch ?? undefined }
}

function urlOf(base: string, id: Hash): URL {
  const root = base.replace(/\/+$/, '').replace(/\/v1$/, '')
  const url = URL.canParse(root) ? new URL(`${root}/receipts/${id}`) : undefined
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url
  throw new ConfigError('The address of the operator is not a URL of http or https.')
}

/** Whoever is asked may be hostile: an answer without end is none. */
async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let [text, bytes] = ['', 0]
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length
    if (bytes > maxBytes) throw new ChainError('A receipt of more than a megabyte is none.')
    text += decoder.decode(chunk, { stream: true })
  }
  return text
}
