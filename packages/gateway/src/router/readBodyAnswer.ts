import {
  decodeReceiptHeader,
  headers as names,
  type ReceiptDocument,
  type Task,
} from '@assay/protocol/http'
import { isAddressEqual } from 'viem'

import { ChannelError } from '../errors.ts'
import { readAll } from '../upstream/readAll.ts'
import { requireServed } from '../upstream/servedName.ts'
import type { BodyAnswer } from './answer.ts'
import type { Attempt, CreateAskerDependencies } from './createAsker.ts'
import { AttemptError } from './failure.ts'
import { feeWithoutReceipt } from './feeWithoutReceipt.ts'
import { invalid } from './openCharge.ts'

const maxBytes = 128 * 1024 * 1024

/** Field that an answer to a task has to have, as a list of one at least. */
const lists: Record<Task, string | undefined> = {
  chat: 'choices',
  embeddings: 'data',
  images: 'data',
  infer: undefined,
}

/** Reads an answer that is one body, and pays for it; throws `AttemptError`. */
export async function readBodyAnswer(
  dependencies: CreateAskerDependencies,
  attempt: Attempt,
): Promise<BodyAnswer> {
  const { rated, request, charge, response } = attempt
  const bytes = await readAll(response, maxBytes)
  const body = parse(bytes, request.task)
  const reported = headerOf(attempt, names.servedModel) ?? body.model
  const served = typeof reported === 'string' ? reported : undefined
  requireServed(rated.offer, served)
  const document = await checkReceipt(dependencies, attempt, bytes)
  if (document !== undefined) await charge.accept(document)
  else charge.count(feeWithoutReceipt(rated.offer, request, body.usage, 0))
  charge.release()
  const elapsedMs = dependencies.clock.elapsed() - attempt.startedAt
  const contentType = headerOf(attempt, 'content-type') ?? 'application/json'
  const name = document?.servedModel ?? served
  return { kind: 'body', rated, bytes, contentType, document, served: name, elapsedMs }
}

function parse(bytes: Uint8Array, task: Task): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    if (typeof value === 'object' && value !== null) {
      const body = value as Record<string, unknown>
      const list = lists[task] === undefined ? [body] : body[lists[task]]
      if (Array.isArray(list) && list.length > 0) return body
    }
  } catch (cause) {
    throw new AttemptError('malformed', 'The answer is not JSON.', { cause })
  }
  throw new AttemptError('malformed', `The answer is none to a request for ${task}.`)
}

/** Checks the receipt in an answer's headers, if one has to be there or is. */
async function checkReceipt(
  { verifier }: CreateAskerDependencies,
  attempt: Attempt,
  response: Uint8Array,
): Promise<ReceiptDocument | undefined> {
  const { upstream } = attempt.rated
  const header = headerOf(attempt, names.receipt)
  if (upstream.operator === undefined) return undefined
  try {
    if (header === undefined) {
      if (!needsReceipt(attempt)) return undefined
      throw new ChannelError('The answer came without a receipt.')
    }
    const document = decodeReceiptHeader(header)
    await verifier.verifyFresh(checksOf(attempt, document, response), upstream)
    return document
  } catch (error) {
    throw error instanceof AttemptError ? error : invalid(error as Error)
  }
}

/** Whether an answer of this upstream is one only with its receipt. */
export function needsReceipt({ rated }: Attempt): boolean {
  return rated.upstream.operator !== undefined && rated.offer.verification !== 'none'
}

/** Returns what a receipt is checked against; throws `ChannelError` for a claim about another model or operator. */
export function checksOf(attempt: Attempt, document: ReceiptDocument, response: Uint8Array) {
  const { rated, request, charge } = attempt
  const { offer, upstream } = rated
  const { claim, receipt } = document
  if (claim === undefined) throw new ChannelError('The receipt shows no claim.')
  if (claim.model !== offer.version) {
    throw new ChannelError(`The receipt is about model ${claim.model}, not ${offer.version}.`)
  }
  if (!isAddressEqual(receipt.operator, upstream.operator!)) {
    throw new ChannelError(`The receipt is ${receipt.operator}'s, not ${upstream.operator}'s.`)
  }
  const expected = request.isStream ? 'events' : 'bytes'
  if (document.content !== expected && document.content !== 'tensor') {
    throw new ChannelError(`The receipt is about ${document.content}, not ${expected}.`)
  }
  const { id: requestId, secret, bytes } = request
  const { quote } = charge
  return { document, requestId, secret, request: bytes, response, quote, price: offer.price }
}

/** Returns a header of an upstream's answer. */
export function headerOf({ response }: Pick<Attempt, 'response'>, name: string) {
  const value = response.headers[name]
  return Array.isArray(value) ? value[0] : value
}
