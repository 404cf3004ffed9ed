import { createHash, randomBytes } from 'node:crypto'
import { headers as names, privacyLevels, type Task } from '@assay/protocol/http'
import type { Hono } from 'hono'
import { type Hash, isHash } from 'viem'

import { RequestError } from '../errors.ts'
import type { KeptAnswer } from '../journal/openJournal.ts'
import { wallet } from '../keys/createKeys.ts'
import type { Answer, RoutedRequest } from '../router/answer.ts'
import { AttemptError } from '../router/failure.ts'
import type { Purchase } from '../sale/createSale.ts'
import { relay } from '../stream/relay.ts'
import { answerHeaders } from './answerHeaders.ts'
import type { GatewayScene } from './createGateway.ts'
import { createReplays, type Taken } from './createReplays.ts'
import { errorResponse } from './errorResponse.ts'
import { readBody } from './readBody.ts'
import { type AskedRequest, readRequest } from './readRequest.ts'

const paths: Record<Task, string> = {
  chat: '/v1/chat/completions',
  embeddings: '/v1/embeddings',
  images: '/v1/images/generations',
  infer: '/v1/infer',
}

/** Adds the routes that answer. */
export function addAnswerRoutes(app: Hono, scene: GatewayScene, tasks: readonly Task[]): void {
  const replays = createReplays(scene)
  const { clock, observe, limits } = scene

  async function answer(task: Task, raw: Request, key: string): Promise<Response> {
    const bytes = await readBody(raw, limits.bodyBytes)
    const asked = readRequest(task, bytes)
    const purchase = key === wallet ? await scene.sale!.admit(raw, asked) : undefined
    const name = purchase?.id ?? nameOf(raw)
    const id = idOf(scene.journal.seed, name === undefined ? undefined : `${key}\n${name}`)
    const taken =
      name === undefined ? undefined : await replays.take(id, sha256(paths[task], bytes))
    if (taken?.kind === 'answered') return replay(taken.answer)
    try {
      return await give(routedOf(raw, asked, { id, key, taken }), taken, purchase)
    } catch (error) {
      taken?.end()
      throw error
    }
  }

  function routedOf(
    raw: Request,
    asked: AskedRequest,
    { id, key, taken }: { id: Hash; key: string; taken: Taken | undefined },
  ): RoutedRequest {
    const { seed } = scene.journal
    return {
      ...asked,
      ...{ id, key, secret: secretOf(raw, seed, id), privacy: privacyOf(raw), signal: raw.signal },
      isNamed: taken !== undefined,
      asked: taken?.kind === 'taken' ? taken.asked : [],
    }
  }

  async function give(
    request: RoutedRequest,
    taken: Taken | undefined,
    purchase: Purchase | undefined,
  ): Promise<Response> {
    const routed = await scene.router.route(request)
    const { answer } = routed
    const paid = purchase && (await settle(purchase, answer, request.signal))
    const headers = { ...answerHeaders(routed, request), ...paid }
    const keep = (kept?: KeptAnswer) => {
      if (taken?.kind === 'taken') taken.end(kept)
    }
    if (answer.kind === 'body') {
      const given = { ...headers, 'content-type': answer.contentType }
      keep(keepable({ status: 200, headers: given, body: answer.bytes }))
      return new Response(answer.bytes as Uint8Array<ArrayBuffer>, { status: 200, headers: given })
    }
    const given = {
      ...{ ...headers, 'content-type': 'text/event-stream; charset=utf-8' },
      ...{ 'cache-control': 'no-cache', 'x-accel-buffering': 'no' },
    }
    const chunks: Uint8Array[] = []
    let isComplete = false
    const stream = relay({
      answer,
      record: (chunk) => {
        if (taken !== undefined) chunks.push(chunk)
        if (isComplete) {
          keep(keepable({ status: 200, headers: given, body: Buffer.concat(chunks) }))
        }
      },
      ended({ error }) {
        if (error === undefined) isComplete = true
        else keep()
      },
    })
    return new Response(stream, { status: 200, headers: given })
  }

  /** An answer too large to keep is given once; who asks again is sent to the upstream that gave it. */
  const keepable = (answer: KeptAnswer) =>
    answer.body.length <= limits.keptBytes ? answer : undefined

  for (const task of tasks) {
    app.post(paths[task], async (context) => {
      const startedAt = clock.elapsed()
      let key = 'unknown'
      let status = 500
      try {
        key = scene.identify(context.req.raw)
        const response = await answer(task, context.req.raw, key)
        status = response.status
        return response
      } catch (error) {
        status = errorResponse(error)?.status ?? 500
        throw error
      } finally {
        observe({
          kind: 'request_ended',
          task,
          status,
          elapsedMs: clock.elapsed() - startedAt,
          key,
        })
      }
    })
  }
}

/** Makes the payment for one answer: once that is there, and before anything of it is sent. Returns headers. */
async function settle({ settle }: Purchase, answer: Answer, signal: AbortSignal) {
  try {
    // Nobody is there to be charged.
    if (signal.aborted) throw new AttemptError('cancelled', 'The client went away.')
    return await settle()
  } catch (error) {
    if (answer.kind === 'stream') {
      answer.fail(new AttemptError('cancelled', 'The answer was not paid for.'))
    }
    throw error
  }
}

function replay({ status, headers, body }: KeptAnswer): Response {
  const given = { ...headers, [names.reason]: 'replayed' }
  return new Response(new Uint8Array(body), { status, headers: given })
}

/** What a client calls its request, so that a retry is the same one. */
function nameOf({ headers }: Request): string | undefined {
  const name = headers.get('idempotency-key') ?? headers.get(names.request)
  if (name === null) return undefined
  if (name.length > 0 && name.length <= 255) return name
  throw new RequestError(
    400,
    'invalid_idempotency_key',
    'The Idempotency-Key has 1 to 255 characters.',
  )
}

/** Names are derived, so that they are the same after a restart, and nobody else can guess them. */
function idOf(seed: Hash, name: string | undefined): Hash {
  return name === undefined ? `0x${randomBytes(32).toString('hex')}` : sha256(seed, name)
}

function secretOf({ headers }: Request, seed: Hash, id: Hash): Hash {
  const given = headers.get(names.secret)
  if (given === null) return sha256(seed, `secret\n${id}`)
  if (isHash(given)) return given
  throw new RequestError(400, 'invalid_secret', `${names.secret} has to be 32 bytes in hex.`)
}

function privacyOf({ headers }: Request): string | undefined {
  const given = headers.get(names.privacy)
  if (given === null) return undefined
  if (privacyLevels.some((level) => level === given)) return given
  const message = `${names.privacy} has to be one of ${privacyLevels.join(', ')}.`
  throw new RequestError(400, 'invalid_privacy', message)
}

function sha256(first: string, rest: string | Uint8Array): Hash {
  return `0x${createHash('sha256').update(`${first}\n`).update(rest).digest('hex')}`
}
