import { sealEnvelope } from '@assay/protocol/envelope'
import type { Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { cors } from 'hono/cors'
import { type Address, getAddress, type Hash, type Hex, isAddress, isHash } from 'viem'

import { type CreateStatusAppDependencies, createStatusApp } from '../http/createStatusApp.ts'
import type { Inbox } from '../inputs/createInbox.ts'
import type { Inputs } from '../journal/createInputs.ts'
import type { Results } from '../journal/createResults.ts'

export type CreateOperatorAppDependencies = CreateStatusAppDependencies & {
  results: Pick<Results, 'trace'>
  inputs: Pick<Inputs, 'get'>
  inbox: Inbox
  /** Returns the X25519 key under which an operator is registered. */
  encryptionKeyOf: (operator: Address) => Hex | undefined
  /** What answers requests, if models are served. */
  serving?: Hono | undefined
}

/** Claims and inputs never change: their hash is their name. */
const immutable = {
  'content-type': 'application/octet-stream',
  'cache-control': 'public, max-age=31536000, immutable',
}

/**
 * Creates the operator's HTTP interface: answers, committed traces, inputs that the chain does not show, an inbox for those, and
 * its own health. What belongs to a sealed input goes only to those it was sealed for, sealed again.
 */
export function createOperatorApp(dependencies: CreateOperatorAppDependencies): Hono {
  const app = createStatusApp(dependencies)
  app.use('/traces/*', cors())
  app.use('/inputs/*', cors())
  app.get('/traces/:claimId', (context) => showTrace(context, dependencies))
  app.get('/inputs/:inputHash', (context) => showInput(context, dependencies))
  if (dependencies.serving !== undefined) app.route('/', dependencies.serving)
  const { inbox } = dependencies
  const limit = bodyLimit({
    maxSize: inbox.maxBytes,
    onError: (context) =>
      context.json({ error: `inputs have at most ${inbox.maxBytes} bytes here` }, 413),
  })
  app.put('/inputs/:inputHash', limit, (context) => takeInput(context, inbox))
  return app
}

async function showTrace(context: Context, dependencies: CreateOperatorAppDependencies) {
  const claimId = hashParameter(context, 'claimId')
  const trace = claimId && dependencies.results.trace(claimId)
  if (!claimId || trace === undefined) {
    return context.json({ error: 'no trace of this claim is here' }, 404)
  }
  if (trace.readers === undefined) return context.body(trace.bytes, 200, immutable)
  const recipient = context.req.query('recipient') ?? ''
  const address = isAddress(recipient, { strict: false }) ? getAddress(recipient) : undefined
  const encryptionKey = address && dependencies.encryptionKeyOf(address)
  if (!address || !encryptionKey || !trace.readers.includes(address)) {
    const error = 'the input is sealed: name an operator that it was sealed for as ?recipient='
    return context.json({ error }, 403)
  }
  const recipients = [{ address, encryptionKey }]
  const sealed = await sealEnvelope({ content: trace.bytes, about: claimId, recipients })
  return context.body(Uint8Array.from(sealed), 200, { 'content-type': immutable['content-type'] })
}

function showInput(context: Context, { inputs }: CreateOperatorAppDependencies) {
  const inputHash = hashParameter(context, 'inputHash')
  const input = inputHash && inputs.get(inputHash)
  // Whether a sealed input is here is nobody's business.
  if (!input || input.readers !== undefined) {
    return context.json({ error: 'no such input is here' }, 404)
  }
  return context.body(Uint8Array.from(input.bytes), 200, immutable)
}

async function takeInput(context: Context, inbox: Inbox) {
  const inputHash = hashParameter(context, 'inputHash')
  if (!inputHash) return context.json({ error: 'not a hash of 32 bytes' }, 400)
  const receipt = inbox.put(inputHash, new Uint8Array(await context.req.arrayBuffer()))
  switch (receipt) {
    case 'kept':
      return context.body(null, 204)
    case 'unasked':
      return context.json({ error: 'no open job asks about this input here, or not yet' }, 404)
    case 'wrong':
      return context.json({ error: 'the bytes are not what the hash commits to' }, 400)
  }
}

function hashParameter(context: Context, name: string): Hash | undefined {
  const value = context.req.param(name)?.toLowerCase()
  return isHash(value ?? '') ? (value as Hash) : undefined
}
