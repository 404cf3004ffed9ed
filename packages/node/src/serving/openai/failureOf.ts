import { UpstreamError, type UpstreamFailure } from '../errors.ts'
import { redact } from '../redact.ts'

/** Codes by which upstreams say that it is no use to wait. */
const quotaCodes = new Set(['insufficient_quota', 'billing_hard_limit_reached', 'credit_exhausted'])

/** How those say it that have no code for it. */
const noCredit = /credit balance is too low/i

const maxMessage = 1_000

/** What an upstream answered in the place of an answer. */
export type RefusalParameters = {
  status: number
  headers: Pick<Headers, 'get'>
  /** The start of the body. */
  text: string
  secret: string | undefined
  /** Milliseconds since the epoch. */
  now: number
}

/** Returns the error that an upstream's refusal amounts to. What it said is told on only where the request is to blame. */
export function failureOf({
  status,
  headers,
  text,
  secret,
  now,
}: RefusalParameters): UpstreamError {
  const { message, code } = readError(text)
  const failure = noCredit.test(message) ? 'quota' : classOf(status, code)
  const said = redact(message, secret).slice(0, maxMessage)
  return new UpstreamError({
    ...{ failure, status },
    message: failure === 'refused' && said !== '' ? said : `${messages[failure]} (${status})`,
    retryAfterMs: failure === 'quota' ? undefined : retryAfterOf(headers, now),
  })
}

/** Returns what an error within an answer amounts to. */
export function failureWithin(error: unknown, secret: string | undefined): UpstreamError {
  const { message, code } = readError(JSON.stringify({ error }))
  const failure = code !== undefined && quotaCodes.has(code) ? 'quota' : 'failed'
  const cause = redact(message, secret).slice(0, maxMessage)
  return new UpstreamError({ failure, message: messages[failure], cause })
}

const messages: Record<UpstreamFailure, string> = {
  unreachable: 'The model cannot be reached.',
  timeout: 'The model took too long.',
  limited: 'The model is asked too often.',
  quota: 'The operator has used up what it may ask of the model.',
  unauthorized: 'The model does not take the key of the operator.',
  refused: 'The model does not take the request.',
  failed: 'The model failed.',
  malformed: 'The model answered with something that is no answer.',
  tooLarge: 'The model answered with more than is taken.',
  truncated: 'The answer of the model broke off.',
}

function classOf(status: number, code: string | undefined): UpstreamFailure {
  if (code !== undefined && quotaCodes.has(code)) return 'quota'
  if (status === 402) return 'quota'
  if (status === 429) return 'limited'
  if (status === 401 || status === 403) return 'unauthorized'
  if (status === 400 || status === 413 || status === 415 || status === 422) return 'refused'
  if (status === 408) return 'timeout'
  // What is not there is the operator's mistake: the path and the name of the model are its own.
  return 'failed'
}

/** Milliseconds that an upstream asks to be left alone; nothing where it does not say. */
export function retryAfterOf(headers: Pick<Headers, 'get'>, now: number): number | undefined {
  const exact = Number(headers.get('retry-after-ms') ?? Number.NaN)
  if (Number.isFinite(exact) && exact >= 0) return exact
  const value = headers.get('retry-after')
  if (value === null) return undefined
  const seconds = Number(value)
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000)
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

function readError(text: string): { message: string; code: string | undefined } {
  try {
    const { error, message } = JSON.parse(text) ?? {}
    const said = typeof error === 'string' ? error : (error?.message ?? message)
    const code = [error?.code, error?.type].find((value) => typeof value === 'string')
    return { message: typeof said === 'string' ? said : '', code }
  } catch {
    return { message: '', code: undefined }
  }
}
