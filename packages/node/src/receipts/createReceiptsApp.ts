import { Readable } from 'node:stream'
import { errorBody, type ReceiptDocument, toReceiptJson } from '@assay/protocol/http'
import { type Context, Hono } from 'hono'
import { cors } from 'hono/cors'
import { type Address, getAddress, type Hash, isAddress, isHash } from 'viem'

import type { KeptReceipt } from '../journal/createReceipts.ts'
import type { Journal } from '../journal/openJournal.ts'
import { batchData } from '../settling/buildBatch.ts'
import type { Issuer } from './issuer.ts'

export type CreateReceiptsAppDependencies = {
  journal: Pick<Journal, 'receipts' | 'batches'>
  issuer: Pick<Issuer, 'channelOf'>
}

/** Receipts that one answer lists at most. */
const page = 100

/** Creates what shows receipts, channels and data of batches (docs/protocol/http.md); an operator's app mounts it. */
export function createReceiptsApp({ journal, issuer }: CreateReceiptsAppDependencies): Hono {
  const app = new Hono()
  for (const path of ['/receipts/*', '/channels/*', '/batches/*']) app.use(path, cors())
  app.get('/receipts/:id', (context) => {
    const id = hashOf(context.req.param('id'))
    const document = id && shown(journal.receipts.find(id))
    if (document === undefined) return missing(context, 'no such receipt is here')
    return context.json(toReceiptJson(document))
  })
  app.get('/channels/:payer', (context) => {
    const payer = addressOf(context.req.param('payer'))
    if (payer === undefined) return malformed(context, 'payer', 'not an address')
    return context.json(textOf(issuer.channelOf(payer)))
  })
  app.get('/channels/:payer/receipts', (context) => listReceipts(context, journal))
  app.get('/batches/:hash', (context) => showBatch(context, journal))
  return app
}

function listReceipts(context: Context, { receipts }: Pick<Journal, 'receipts'>) {
  const payer = addressOf(context.req.param('payer'))
  if (payer === undefined) return malformed(context, 'payer', 'not an address')
  const after = context.req.query('after') ?? '0'
  if (!/^\d{1,15}$/.test(after)) return malformed(context, 'after', 'not a sequence')
  const found = receipts.after(payer, BigInt(after), page).flatMap((kept) => shown(kept) ?? [])
  return context.json({ data: found.map(toReceiptJson), has_more: found.length === page })
}

/** Streams the data of a batch, by its own hash or by the root, however much it is. */
function showBatch(context: Context, journal: Pick<Journal, 'receipts' | 'batches'>) {
  const hash = hashOf(context.req.param('hash'))
  const batch = hash && journal.batches.named(hash)
  if (!batch) return missing(context, 'no such batch is here')
  function* pieces() {
    for (const { bytes } of batchData(journal, batch!.first, batch!.last)) yield bytes
  }
  return context.body(Readable.toWeb(Readable.from(pieces())) as ReadableStream, 200, {
    'content-type': 'application/x-ndjson',
    'cache-control': 'public, max-age=31536000, immutable',
  })
}

/** Returns the document of a signed receipt for whoever asks: without secret, at the level `payment` without claim. */
function shown(kept: KeptReceipt | undefined): ReceiptDocument | undefined {
  if (kept?.signature === undefined) return undefined
  const { claim, ...document } = kept.document
  const isClaimShown = kept.privacy !== 'payment' && claim !== undefined
  return { ...document, ...(isClaimShown && { claim }), signature: kept.signature }
}

function textOf(value: Record<string, unknown>) {
  const entries = Object.entries(value)
  return Object.fromEntries(
    entries.map(([name, part]) => [name, typeof part === 'bigint' ? `${part}` : part]),
  )
}

function hashOf(value = ''): Hash | undefined {
  return isHash(value) ? (value.toLowerCase() as Hash) : undefined
}

function addressOf(value = ''): Address | undefined {
  return isAddress(value, { strict: false }) ? getAddress(value) : undefined
}

function missing(context: Context, message: string) {
  const type = 'invalid_request_error'
  return context.json(errorBody({ message, type, code: 'not_found' }), 404)
}

function malformed(context: Context, param: string, message: string) {
  const type = 'invalid_request_error'
  return context.json(errorBody({ message, type, code: 'invalid_value', param }), 400)
}
