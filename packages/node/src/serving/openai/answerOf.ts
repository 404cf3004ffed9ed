import { UpstreamError } from '../errors.ts'
import type { Counted, ServedAnswer, ServedRequest } from '../servedBackend.ts'
import { countOf, servedNameOf, textBytesOf } from './chatText.ts'
import { failureWithin } from './failureOf.ts'

// biome-ignore lint/suspicious/noExplicitAny: what an upstream sends has to be looked at first
type Json = any

/** Returns the answer that a body of OpenAI's API is, with its bytes as they came; throws `UpstreamError`. */
export function answerOf(
  bytes: Uint8Array,
  { task }: Pick<ServedRequest, 'task'>,
  { model, secret }: { model: string; secret: string | undefined },
): ServedAnswer {
  const body = parse(bytes)
  if (body.error !== undefined && body.error !== null) throw failureWithin(body.error, secret)
  const list = task === 'chat' ? body.choices : body.data
  if (!Array.isArray(list) || list.length === 0) {
    throw malformed(`no ${task === 'chat' ? 'choices' : 'data'}`)
  }
  const servedModel = servedNameOf(body.model, model)
  return { kind: 'body', bytes, counted: { ...count(task, body, list), servedModel } }
}

function count(
  task: ServedRequest['task'],
  { usage }: Json,
  list: Json[],
): Omit<Counted, 'servedModel'> {
  if (task === 'embeddings') {
    return { unitsIn: countOf(usage?.prompt_tokens), unitsOut: 0n, textBytes: 0 }
  }
  if (task === 'images') {
    return { unitsIn: countOf(usage?.input_tokens), unitsOut: BigInt(list.length), textBytes: 0 }
  }
  if (list.some(({ message }) => typeof message !== 'object' || message === null)) {
    throw malformed('a choice without a message')
  }
  return {
    unitsIn: countOf(usage?.prompt_tokens),
    unitsOut: countOf(usage?.completion_tokens),
    textBytes: list.reduce((sum, { message }) => sum + textBytesOf(message), 0),
  }
}

function parse(bytes: Uint8Array): Json {
  let body: unknown
  try {
    body = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw malformed('no JSON', cause)
  }
  if (typeof body !== 'object' || body === null) throw malformed('no object')
  return body
}

/** Returns the error of an answer that is none. */
export function malformed(what: string, cause?: unknown): UpstreamError {
  return new UpstreamError({
    failure: 'malformed',
    message: `The model answered with ${what}.`,
    cause,
  })
}
