import { errorBody } from '@assay/protocol/http'

import { RequestError } from '../errors.ts'
import { AttemptError } from '../router/failure.ts'

/** Status that says nobody was there to answer any more; only logs see it. */
const clientClosed = 499

/** Returns the answer to a request that failed, in OpenAI's form. Undefined for what was not foreseen. */
export function errorResponse(error: unknown): Response | undefined {
  if (error instanceof RequestError) {
    const { status, code, type, param, shortMessage, headers, details } = error
    const body = { message: shortMessage, type, code, param, ...(details && { details }) }
    return Response.json(errorBody(body), { status, headers })
  }
  if (!(error instanceof AttemptError)) return undefined
  if (error.kind === 'cancelled') return new Response(null, { status: clientClosed })
  if (error.kind === 'rejected') return rejection(error)
  return undefined
}

/** What an upstream finds wrong with a request is the client's to know, in the upstream's own words. */
function rejection({ status = 400, body, shortMessage }: AttemptError): Response {
  const headers = { 'content-type': 'application/json', 'x-should-retry': 'false' }
  if (body !== undefined && isErrorBody(body)) {
    return new Response(new Uint8Array(body), { status, headers })
  }
  const wrapped = {
    message: shortMessage,
    type: 'invalid_request_error',
    code: 'upstream_rejected',
  }
  return Response.json(errorBody(wrapped), { status, headers })
}

function isErrorBody(body: Uint8Array): boolean {
  try {
    const { error } = JSON.parse(new TextDecoder().decode(body)) as { error?: unknown }
    return typeof error === 'object' && error !== null
  } catch {
    return false
  }
}

/** What a client is told of an error that was not foreseen. */
export function unforeseen(): Response {
  const message = 'The gateway failed.'
  return Response.json(errorBody({ message, type: 'server_error', code: 'internal_error' }), {
    status: 500,
  })
}
