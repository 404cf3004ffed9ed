import { walkCauses } from '@assay/protocol'

import { RequestError, UpstreamError } from '../errors.ts'
import { failureOf, failureWithin } from '../openai/failureOf.ts'

/** Errors of the AI SDK that say that an answer is none. */
const malformed = new Set([
  'AI_JSONParseError',
  'AI_TypeValidationError',
  'AI_InvalidResponseDataError',
  'AI_EmptyResponseBodyError',
  'AI_NoContentGeneratedError',
])

type Context = { secret: string | undefined; now: number; signal: AbortSignal }

/** Returns what a provider of the AI SDK threw, in our terms. What an abort's reason was stays what it was. */
export function providerFailureOf(error: unknown, { secret, now, signal }: Context): unknown {
  const known = walkCauses(error, isOurs)
  if (known !== undefined) return known
  if (signal.reason instanceof UpstreamError) return signal.reason
  if (signal.aborted) return error
  if (!(error instanceof Error)) return failureWithin(error, secret)
  if (error.name === 'AI_UnsupportedFunctionalityError') {
    return new UpstreamError({ failure: 'refused', message: error.message })
  }
  if (malformed.has(error.name)) return noAnswer()
  if (error.name === 'AI_APICallError') return callFailure(error, secret, now)
  const message = 'The connection to the model failed.'
  return new UpstreamError({ failure: 'unreachable', message })
}

function isOurs(error: unknown) {
  return error instanceof UpstreamError || error instanceof RequestError
}

type CallError = Error & {
  statusCode?: number
  responseHeaders?: Record<string, string>
  responseBody?: string
}

/** What the provider was sent is part of its error: nothing of that goes on, nor does the error itself. */
function callFailure(error: CallError, secret: string | undefined, now: number) {
  const { statusCode: status, responseHeaders, responseBody: text = '' } = error
  if (status === undefined) {
    return new UpstreamError({ failure: 'unreachable', message: 'The model cannot be reached.' })
  }
  if (status < 400) return noAnswer()
  return failureOf({ status, headers: new Headers(responseHeaders), text, secret, now })
}

function noAnswer() {
  const message = 'The model answered with something that is no answer.'
  return new UpstreamError({ failure: 'malformed', message })
}
