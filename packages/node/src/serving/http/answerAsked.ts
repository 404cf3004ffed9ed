import { eventContent } from '@assay/protocol/http'

import type { Admission, Admitted } from '../../receipts/issuer.ts'
import { UpstreamError } from '../errors.ts'
import type { ServedAnswer } from '../servedBackend.ts'
import { watchSilence } from '../watchSilence.ts'
import { failureFor } from './errorResponse.ts'
import { issueReceipt } from './issueReceipt.ts'
import { answerHeaders, sendBody } from './sendBody.ts'
import { sendEvents } from './sendEvents.ts'
import type { Asked, ServingDependencies } from './serving.ts'

/** Told once, when nothing more is sent. `status` 0: the client went away. */
export type OnOver = (status: number) => void

/** Answers a request that was admitted; throws what the backend throws, and then charges nothing. */
export async function answerAsked(
  asked: Asked,
  admission: Admission,
  dependencies: ServingDependencies,
  onOver: OnOver,
): Promise<Response> {
  const { request, model, abort, startedAt } = asked
  const { limiter, observe, clock } = dependencies
  let leave = () => {}
  let isOver = false
  const end = (status: number) => {
    if (isOver) return
    isOver = true
    leave()
    admission.cancel()
    onOver(abort.signal.aborted ? 0 : status)
  }
  try {
    leave = await limiter.enter(abort.signal)
    const answer = await model.backend.answer(request, abort.signal)
    observe({ type: 'firstToken', model: model.name, ms: clock.elapsed() - startedAt })
    await settle(asked)
    if (answer.kind === 'events') return stream(asked, admission, answer, dependencies, end)
    const response = await whole(asked, admission, answer, dependencies)
    end(200)
    return response
  } catch (error) {
    leave()
    admission.cancel()
    throw error
  }
}

/** Makes the payment of who pays for this one answer: after it is there, and before anything of it is sent. */
async function settle(asked: Asked) {
  // Nobody is there to be charged.
  asked.abort.signal.throwIfAborted()
  asked.settled = await asked.sale?.settle()
}

async function whole(
  asked: Asked,
  admission: Admission,
  answer: Extract<ServedAnswer, { kind: 'body' }>,
  dependencies: ServingDependencies,
) {
  const { bytes, counted, exact } = answer
  const reply = { contentType: 'application/json', body: bytes }
  const issue = { asked, admission, counted, reply, content: 'bytes', exact } as const
  const document = await issueReceipt(issue, dependencies)
  return sendBody(reply, document, answerHeaders(asked, dependencies))
}

function stream(
  asked: Asked,
  admission: Admission,
  answer: Extract<ServedAnswer, { kind: 'events' }>,
  dependencies: ServingDependencies,
  end: OnOver,
) {
  const { clock, limits, observe } = dependencies
  return sendEvents({
    events: answer.events[Symbol.asyncIterator](),
    headers: answerHeaders(asked, dependencies),
    watchSilence: (onSilence) => watchSilence(clock, limits.keepAliveMs, onSilence),
    async onEnd(sent) {
      const reply = { contentType: 'text/event-stream', body: eventContent(sent) }
      const counted = answer.counted()
      const issue = { asked, admission, counted, reply, content: 'events' } as const
      const document = await issueReceipt(issue, dependencies)
      end(200)
      return document
    },
    onError(error) {
      const { status, body } = failureFor(error)
      tellOf(error, asked, observe)
      end(status)
      return body
    },
    onCancel() {
      asked.abort.abort()
      end(0)
    },
  })
}

/** Tells of what failed that is not the client's doing. */
export function tellOf(error: unknown, asked: Asked, observe: ServingDependencies['observe']) {
  if (asked.abort.signal.aborted) return
  const { model, terms } = asked
  if (error instanceof UpstreamError) {
    const { failure } = error
    observe({ type: 'upstreamFailed', model: model.name, failure, error })
  } else if (failureFor(error).status === 500) {
    observe({ type: 'servingFailed', requestName: terms.requestId, error })
  }
}

/** Sends what was answered before, with its receipt. */
export async function repeat(
  asked: Asked,
  { document, reply }: Extract<Admitted, { kind: 'repeated' }>,
  dependencies: ServingDependencies,
): Promise<Response> {
  const { clock, limits } = dependencies
  asked.settled = await asked.sale?.settle()
  const headers = answerHeaders(asked, dependencies)
  if (!reply.contentType.startsWith('text/event-stream')) return sendBody(reply, document, headers)
  const lines = new TextDecoder().decode(reply.body).split('\n').slice(0, -1)
  return sendEvents({
    headers,
    events: (async function* () {
      yield* lines
    })(),
    watchSilence: (onSilence) => watchSilence(clock, limits.keepAliveMs, onSilence),
    onEnd: async () => document,
    onError: (error) => failureFor(error).body,
    onCancel: () => {},
  })
}
