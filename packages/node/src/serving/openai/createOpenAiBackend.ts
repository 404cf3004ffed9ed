import type { Task } from '@assay/protocol/http'

import type { Clock } from '../../support/clock.ts'
import { answerWatched } from '../answerWatched.ts'
import type { Timeouts, Watchdog } from '../createWatchdog.ts'
import { UpstreamError } from '../errors.ts'
import type { ServedAnswer, ServedBackend, ServedRequest } from '../servedBackend.ts'
import { startEvents } from '../startEvents.ts'
import { answerOf, malformed } from './answerOf.ts'
import { createEventReader } from './createEventReader.ts'
import { failureOf } from './failureOf.ts'
import { limited, readBytes, readStart } from './readBody.ts'
import { type LimitField, paths, requestFor, wantsUsage } from './requestFor.ts'

export type CreateOpenAiBackendParameters = {
  /** Where the API begins, with its version: `http://127.0.0.1:8000/v1`. */
  baseUrl: string
  /** Name of the model there. */
  model: string
  /** Sent as a bearer token. */
  key?: string | undefined
  tasks: readonly Exclude<Task, 'infer'>[]
  timeouts: Timeouts
  /** Most bytes of an answer that are taken. */
  maxAnswerBytes: number
  /** Field that limits an answer's tokens where the client names none. */
  limitField?: LimitField
  fetch: typeof fetch
  clock: Clock
}

/**
 * Creates a backend that passes requests on to any server that speaks OpenAI's API, and its answers back byte for byte.
 *
 * @example
 * const backend = createOpenAiBackend({ baseUrl: 'http://127.0.0.1:8000/v1', model: 'qwen3', ...rest })
 */
export function createOpenAiBackend(parameters: CreateOpenAiBackendParameters): ServedBackend {
  const { clock, timeouts, tasks } = parameters
  return {
    tasks,
    answer: (request, signal) =>
      answerWatched({
        ...{ clock, signal, totalMs: timeouts.totalMs, toError: upstreamErrorOf },
        ask: (watchdog) => ask(parameters, request, watchdog),
      }),
  }
}

async function ask(
  parameters: CreateOpenAiBackendParameters,
  request: ServedRequest,
  watchdog: Watchdog,
): Promise<ServedAnswer> {
  const { model, key: secret, maxAnswerBytes, timeouts, clock } = parameters
  const isStream = request.task === 'chat' && request.body.stream === true
  if (isStream) watchdog.allow(timeouts.firstTokenMs, 'its first token')
  const response = await send(parameters, request, watchdog.signal)
  const { status, headers, body } = response
  if (!response.ok) {
    const text = await readStart(body)
    throw failureOf({ status, headers, text, secret, now: clock.now() })
  }
  if (!isStream) return answerOf(await readBytes(body, maxAnswerBytes), request, { model, secret })
  if (!headers.get('content-type')?.startsWith('text/event-stream')) {
    throw malformed('no stream of events')
  }
  const reader = createEventReader({
    ...{ model, secret, wantsUsage: wantsUsage(request) },
    onEvent: () => watchdog.allow(timeouts.betweenTokensMs, 'its next token'),
  })
  const events = await startEvents({
    events: reader.read(limited(body, maxAnswerBytes)),
    ...{ watchdog, betweenTokensMs: timeouts.betweenTokensMs },
    toError: (error) => upstreamErrorOf(error, watchdog.signal),
  })
  return { kind: 'events', events, counted: reader.counted }
}

function send(
  { baseUrl, model, key, fetch, limitField = 'max_tokens' }: CreateOpenAiBackendParameters,
  request: ServedRequest,
  signal: AbortSignal,
) {
  if (request.task === 'infer') throw malformed('no tensors')
  return fetch(`${baseUrl.replace(/\/+$/, '')}${paths[request.task]}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: request.body.stream === true ? 'text/event-stream' : 'application/json',
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
    },
    body: requestFor(request, { model, limitField }),
    // The key is for this server, and for no other that it names.
    redirect: 'error',
    signal,
  })
}

/** What a connection threw, in our terms. What an abort's reason was stays what it was. */
function upstreamErrorOf(error: unknown, signal: AbortSignal): unknown {
  if (error instanceof UpstreamError) return error
  if (signal.reason instanceof UpstreamError) return signal.reason
  if (signal.aborted) return error
  const message = 'The connection to the model failed.'
  return new UpstreamError({ failure: 'unreachable', message, cause: error })
}
