import { AttemptError } from '../router/failure.ts'

export type Refusal = {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: Uint8Array
}

/** Codes with which providers say that money, not time, is what is missing. */
const quotaCodes = ['insufficient_quota', 'billing_hard_limit_reached', 'quota_exceeded']

/** Returns what an answer other than 200 means for the request and for the upstream. */
export function classifyRefusal(refusal: Refusal, now: () => number = Date.now): AttemptError {
  const { status, body } = refusal
  const error = errorOf(body)
  const message = `The upstream answered ${status}${error.message ? `: ${error.message}` : '.'}`
  const options = { status, body, code: error.code, details: error.details }
  const retryAfterMs = retryAfterOf(refusal.headers, now)
  if (status === 401 || status === 403) return new AttemptError('unauthorized', message, options)
  if (status === 402) return new AttemptError('unpayable', message, options)
  if (status === 429) {
    const isQuota = quotaCodes.includes(error.code ?? '') || quotaCodes.includes(error.type ?? '')
    const kind = isQuota ? 'quota_exhausted' : 'rate_limited'
    return new AttemptError(kind, message, { ...options, retryAfterMs })
  }
  if (status === 409 && error.code === 'request_under_way') {
    return new AttemptError('under_way', message, { ...options, retryAfterMs })
  }
  // A conflict is about the name of the request, a timeout about the upstream: neither is the client's doing.
  if (status >= 400 && status < 500 && status !== 408 && status !== 409 && status !== 425) {
    return new AttemptError('rejected', message, options)
  }
  return new AttemptError('server_error', message, { ...options, retryAfterMs })
}

function errorOf(body: Uint8Array) {
  try {
    const { error } = JSON.parse(new TextDecoder().decode(body)) as { error?: unknown }
    if (typeof error !== 'object' || error === null) return {}
    const { message, code, type } = error as Record<string, unknown>
    const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
    const details = error as Record<string, unknown>
    return { message: text(message)?.slice(0, 200), code: text(code), type: text(type), details }
  } catch {
    return {}
  }
}

/** Milliseconds until the upstream wants to be asked again; undefined if it does not say. */
function retryAfterOf(headers: Refusal['headers'], now: () => number): number | undefined {
  const one = (name: string) => {
    const value = headers[name]
    return Array.isArray(value) ? value[0] : value
  }
  const milliseconds = Number.parseFloat(one('retry-after-ms') ?? '')
  if (milliseconds >= 0) return milliseconds
  const value = one('retry-after')
  if (value === undefined) return undefined
  const seconds = Number(value)
  const waitMs = Number.isNaN(seconds) ? Date.parse(value) - now() : seconds * 1000
  return waitMs >= 0 ? waitMs : undefined
}

/** Returns what an error of the transport means. What an aborted signal carries is passed on. */
export function classifyFault(error: unknown): AttemptError {
  if (error instanceof AttemptError) return error
  const code = (error as { code?: unknown } | null)?.code
  if (code === 'UND_ERR_CONNECT_TIMEOUT') {
    return new AttemptError('connect_timeout', 'The upstream takes no connection.', {
      cause: error,
    })
  }
  return new AttemptError('refused', `The upstream cannot be reached: ${code ?? 'unknown'}.`, {
    cause: error,
  })
}
